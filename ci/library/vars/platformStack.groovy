/** Writes what a merge request would change in a stack as a comment on it. */
def preview(String stack) {
    withCredentials([usernamePassword(credentialsId: 'git', usernameVariable: 'GIT_USERNAME', passwordVariable: 'GITLAB_TOKEN')]) {
        command(stack, 'npm run --silent preview -- "$STACK"')
    }
}

/** Brings a stack to what the default branch says; two builds never update the same stack at once. */
def update(String stack) {
    lock("pulumi-${stack}") {
        command(stack, 'pulumi up --yes --non-interactive --stack "$STACK"')
    }
}

/** Fails when something in the cluster is not as the program left it. */
def drift(String stack) {
    lock("pulumi-${stack}") {
        command(stack, 'pulumi refresh --preview-only --expect-no-changes --diff --non-interactive --stack "$STACK"')
    }
}

private void command(String stack, String line) {
    container('build') {
        withEnv(["STACK=${stack}"]) {
            sh('npm ci --no-audit --no-fund && npm run --silent crds')
            sh(line)
        }
    }
}
