// Every job of Jenkins, for the plugin job-dsl. The program puts two variables in front of this text:
// `apps`, a list of [name, team, domain, repository?, runtime?, agent?, build?], and `platform`, what they share.
// It runs each time Jenkins loads its settings; what was changed by hand is undone.

def mark = 'Declared by the platform: '

apps*.team.unique().each { team ->
    folder(team) {
        displayName(team)
        description(mark + "the apps of team ${team}")
    }
}

apps.each { app ->
    pipelineJob("${app.team}/${app.name}") {
        description(mark + "releases ${app.name}, served at ${app.domain}")
        disabled(false)
        parameters {
            stringParam('VERSION', '', app.repository
                ? 'Version to build, for example 1.5.0'
                : 'Tag of an image that exists, for example 1.5.0')
            choiceParam('TYPE', ['apply', 'delete'], 'Release the version, or take the app out of the environment')
            choiceParam('BRANCH', platform.stacks.keySet() as List, 'Environment, and the branch of the app that goes there')
        }
        definition {
            cps {
                script("appPipeline(${(app + [platform: platform]).inspect()})")
                sandbox(true)
            }
        }
    }
}

multibranchPipelineJob('platform-repository') {
    displayName('Platform')
    description(mark + 'checks, previews and updates of the platform itself')
    branchSources {
        git {
            id('platform-repository')
            remote(platform.repository.url)
            if (platform.credentials) {
                credentialsId(platform.credentials)
            }
        }
    }
    orphanedItemStrategy {
        discardOldItems {
            daysToKeep(14)
        }
    }
}

// An app that is gone keeps the history of its builds; nobody can start it any more.
def declared = apps.collect { app -> "${app.team}/${app.name}".toString() }
jenkins.model.Jenkins.get().getAllItems(hudson.model.Job).findAll { job ->
    job.description?.startsWith(mark + 'releases ') && !declared.contains(job.fullName)
}.each { job ->
    job.makeDisabled(true)
}
