/**
 * The pipeline of one app: from its source to a stable release, or out of an environment.
 * What runs where is decided here and nowhere in an app's repository: the agents that hold
 * credentials (`image`, `platform`) never run an app's own commands.
 *
 * Parameters of the job: VERSION, TYPE (apply or delete), BRANCH (environment).
 *
 * @param app name, team, domain, repository?, runtime?, agent?, build?, and platform (repository, credentials?, stacks, registry)
 */
def call(Map app) {
    pipeline {
        agent none
        // Builds of one app may overlap: a canary that soaks must not hold up the next environment, and
        // the preview of the merge request checks that there is only one canary at a time.
        options {
            timestamps()
            // A canary may soak for days before it is promoted.
            timeout(time: 14, unit: 'DAYS')
        }
        stages {
            stage('Parameters') {
                steps {
                    script { appParameters(app) }
                }
            }
            stage('Delete') {
                when {
                    beforeAgent true
                    expression { params.TYPE == 'delete' }
                }
                agent { label 'platform' }
                steps {
                    script { platformRelease.remove(app) }
                }
            }
            stage('Source') {
                when {
                    beforeAgent true
                    expression { params.TYPE == 'apply' && app.repository }
                }
                agent { label(app.agent ?: 'image') }
                stages {
                    stage('Checkout') {
                        steps {
                            script { appSource.fetch(app) }
                        }
                    }
                    stage('Build') {
                        steps {
                            script { appSource.build(app) }
                        }
                    }
                }
            }
            stage('Image') {
                when {
                    beforeAgent true
                    expression { params.TYPE == 'apply' && app.repository }
                }
                agent { label 'image' }
                stages {
                    stage('Build image') {
                        steps {
                            script { appImage.build(app) }
                        }
                    }
                    stage('Scan') {
                        steps {
                            script { appImage.scan() }
                        }
                    }
                    stage('Push') {
                        steps {
                            script { appImage.push(app) }
                        }
                    }
                }
            }
            stage('Canary') {
                when {
                    beforeAgent true
                    expression { params.TYPE == 'apply' }
                }
                agent { label 'platform' }
                steps {
                    script { platformRelease.canary(app) }
                }
            }
            stage('Gate') {
                when {
                    expression { params.TYPE == 'apply' }
                }
                steps {
                    script { platformRelease.gate(app) }
                }
            }
            stage('Promote') {
                when {
                    beforeAgent true
                    expression { params.TYPE == 'apply' }
                }
                agent { label 'platform' }
                steps {
                    script { platformRelease.promote(app) }
                }
            }
        }
    }
}
