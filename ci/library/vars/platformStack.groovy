/**
 * Shows what an update would do and which rules of the policy it breaks: as a comment on the
 * commit's merge request, or in the log where there is none. Keeps the plan, so that what is approved
 * is what is applied.
 */
def preview(String stack) {
    prepared(stack) {
        def request = mergeRequest()
        def command = 'npm run --silent preview -- "$STACK" --json preview.json'
        def status = request ? posting(request) { sh(returnStatus: true, script: "${command} --post") }
            : sh(returnStatus: true, script: command)
        if (status != 0 && status != 3) {
            error("Stack ${stack} cannot be updated like this, or breaks a mandatory rule; the preview says why.")
        }
        stash(name: "plan-${stack}", includes: 'preview.json,.local/previews/*')
        if (status == 3) {
            unstable("The preview of stack ${stack} shows dangers.")
        }
    }
}

/** Applies the plan that was shown, and no other; two builds never update the same stack at once. */
def update(String stack) {
    lock("pulumi-${stack}") {
        prepared(stack) {
            unstash("plan-${stack}")
            sh('npm run --silent up -- "$STACK" --plan-hash "$(node --print \'require("./preview.json").planHash\')"')
        }
    }
}

/** Fails when something in the cluster is not as the program left it. */
def drift(String stack) {
    lock("pulumi-${stack}") {
        prepared(stack) {
            sh('pulumi refresh --preview-only --expect-no-changes --diff --non-interactive --stack "$STACK"')
        }
    }
}

/**
 * Copies the kubeconfig of Secret platform-release to where the config of stack $STACK names it. One
 * kubeconfig serves every stack: each names its own context.
 */
def installKubeconfig() {
    sh('''
        source=/run/secrets/platform/kubeconfig
        if [ ! -f "$source" ]; then
            echo 'Secret platform-release in namespace ci-agents: expected the key kubeconfig, got none (docs/state.md)' >&2
            exit 1
        fi
        target=$(pulumi config get --path platform:cluster.kubeconfig --stack "$STACK")
        install -D -m 600 "$source" "$target"
    '''.stripIndent())
}

private void prepared(String stack, Closure body) {
    container('build') {
        // A stack's file that lost its key's salt gets the state's, and no new one.
        withEnv(["STACK=${stack}", 'PULUMI_FALLBACK_TO_STATE_SECRETS_MANAGER=true']) {
            sh('npm ci --no-audit --no-fund && npm run --silent crds')
            installKubeconfig()
            body()
        }
    }
}

/** Number of the merge request whose last commit is checked out, empty without one; GitLab keeps a reference for each. */
private String mergeRequest() {
    return withCredentials([gitUsernamePassword(credentialsId: 'git')]) {
        return sh(returnStdout: true, script: '''
            git ls-remote origin 'refs/merge-requests/*/head' |
                awk -v commit="$(git rev-parse HEAD)" '$1 == commit { split($2, part, "/"); print part[3] }' |
                sort --numeric-sort | tail -n 1
        '''.stripIndent()).trim()
    }
}

/** Runs something with what posting to GitLab needs: address, project, merge request and token. */
private Object posting(String request, Closure body) {
    def (all, server, project) = (env.GIT_URL =~ '^(https://[^/]+)/(.+?)(?:\\.git)?$')[0]
    def names = [
        "CI_API_V4_URL=${server}/api/v4",
        "CI_PROJECT_ID=${project}",
        "CI_MERGE_REQUEST_IID=${request}",
    ]
    return withEnv(names) {
        return withCredentials([usernamePassword(credentialsId: 'git', usernameVariable: 'GIT_USERNAME', passwordVariable: 'GITLAB_TOKEN')], body)
    }
}
