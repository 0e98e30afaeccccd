/** Number of the merge request whose last commit is checked out, empty without one; GitLab keeps a reference for each. */
String number() {
    return withCredentials([gitUsernamePassword(credentialsId: 'git')]) {
        return sh(returnStdout: true, script: '''
            commit=$(git rev-parse HEAD)
            requests=$(git ls-remote origin 'refs/merge-requests/*/head')
            echo "$requests" |
                awk -v commit="$commit" '$1 == commit { split($2, part, "/"); print part[3] }' |
                sort --numeric-sort | tail -n 1
        '''.stripIndent()).trim()
    }
}

/** Runs something with what posting to GitLab needs: address, project, merge request and token. */
Object posting(String request, Closure body) {
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
