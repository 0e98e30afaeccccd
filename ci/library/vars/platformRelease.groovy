/** Share of the requests that a new canary gets, percent: enough for its check to see some. */
private int canaryWeight() {
    return 10
}

/** Opens a merge request that makes the release a canary. */
def canary(Map app) {
    change(app, 'canary', "Release ${app.name} ${env.RELEASE} in ${params.BRANCH} as a canary") {
        withEnv(["WEIGHT=${canaryWeight()}"]) {
            sh('npx platform release canary "$APP" "$RELEASE" --weight "$WEIGHT" --stack "$STACK"')
        }
    }
}

/**
 * Waits, without an agent, until somebody says that the canary is deployed and has soaked; then checks
 * it. If the check is inconclusive or impossible, it asks again; a failed check ends the pipeline. An app's first
 * release is stable without a canary, and another one may have been promoted meanwhile: both need no check.
 */
def gate(Map app) {
    def verdict = 'inconclusive'
    while (verdict in ['inconclusive', 'unchecked']) {
        input(message: "Is ${env.RELEASE} of ${app.name} merged and deployed in ${params.BRANCH}, and has it soaked?", ok: 'Continue',
            submitter: platformStack.approvers(app.approvers ?: []))
        verdict = target(app).check ? node('platform') { check(app) } : 'pass'
        echo(verdict == 'unchecked' ? unchecked(app) : "The check of ${app.name} ${env.RELEASE}: ${verdict}")
    }
    if (verdict == 'fail') {
        error(failed(app))
    }
}

/**
 * Opens a merge request for the promotion, with the evidence of a passing check. The release is
 * named: while this build waited, another one may have become the canary.
 */
def promote(Map app) {
    change(app, 'promote', "Promote ${app.name} ${env.RELEASE} in ${params.BRANCH}") {
        if (target(app).check) {
            def verdict = verdictOf(sh(returnStatus: true, script: 'npx platform release check "$APP" "$RELEASE" --stack "$STACK"'))
            if (!(verdict in ['pass', 'stable'])) {
                error(verdict == 'unchecked' ? unchecked(app) : verdict == 'fail' ? failed(app)
                    : "The check of ${app.name} ${env.RELEASE} is inconclusive; nothing was promoted.")
            }
        }
        sh('npx platform release promote "$APP" "$RELEASE" --stack "$STACK"')
    }
}

/** Opens a merge request that removes the app from the environment. */
def remove(Map app) {
    change(app, 'delete', "Remove ${app.name} from ${params.BRANCH}") {
        sh('npx platform apps remove "$APP" --stack "$STACK"')
    }
}

/** Returns the verdict of a check of the canary, without recording it: pass, fail, inconclusive, unchecked or stable. */
private String check(Map app) {
    return prepared(app) {
        return verdictOf(sh(returnStatus: true, script: 'npx platform release check "$APP" "$RELEASE" --stack "$STACK" --dry-run'))
    }
}

private String verdictOf(int status) {
    def verdicts = [0: 'pass', 1: 'fail', 2: 'inconclusive', 3: 'unchecked', 4: 'stable']
    return verdicts[status] ?: error("The check: expected an exit code from 0 to 4, got ${status}.")
}

private String failed(Map app) {
    return "${env.RELEASE} of ${app.name} failed its check; it stays a canary until it is rolled back."
}

private String unchecked(Map app) {
    return "${env.RELEASE} of ${app.name} could not be checked, so nothing is known about it; the log above has the reason."
}

/**
 * Edits the app's file, or the stack's, and asks for the change: a branch, and a merge request made by its push. Without
 * a change, for example if the release is already stable, it asks for nothing.
 */
private void change(Map app, String kind, String title, Closure edit) {
    def names = [
        "TITLE=${title}",
        "TARGET=${app.platform.repository.branch}",
        "CHANGE=${kind}/${app.name}-${params.BRANCH}-${env.BUILD_NUMBER}",
    ]
    prepared(app) {
        edit()
        withEnv(names) {
            gitCredentials(app) {
                sh('''
                    if git diff --quiet; then
                        echo "$TITLE: the file already contains it"
                        exit 0
                    fi
                    git add --update
                    git -c user.name=Jenkins -c user.email=jenkins@platform.invalid commit --message "$TITLE"
                    git push --push-option merge_request.create \\
                        --push-option "merge_request.target=$TARGET" \\
                        --push-option "merge_request.title=$TITLE" \\
                        origin "HEAD:refs/heads/$CHANGE"
                '''.stripIndent())
            }
        }
    }
}

/** Runs something with the platform's repository checked out and its packages in place. */
private Object prepared(Map app, Closure body) {
    def repository = app.platform.repository
    def remote = [url: repository.url]
    if (app.platform.credentials) {
        remote.credentialsId = app.platform.credentials
    }
    checkout(scmGit(branches: [[name: "*/${repository.branch}"]], userRemoteConfigs: [remote]))
    return container('build') {
        // In the environment, not in the commands, so that nothing that a person typed is executed as a command.
        withEnv(["APP=${app.name}", "STACK=${target(app).stack}"]) {
            sh('npm ci --no-audit --no-fund')
            platformStack.installKubeconfig()
            return body()
        }
    }
}

private Object gitCredentials(Map app, Closure body) {
    if (!app.platform.credentials) {
        return body()
    }
    return withCredentials([gitUsernamePassword(credentialsId: app.platform.credentials)], body)
}

private Map target(Map app) {
    return (app.stacks ?: [:])[params.BRANCH] ?: app.platform.stacks[params.BRANCH]
}
