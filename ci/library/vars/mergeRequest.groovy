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

/** Runs a closure with the variables that posting to GitLab needs: address, project, merge request and token. */
Object posting(String request, Closure body) {
    def (server, project) = addressOf(env.GIT_URL)
    def names = [
        "CI_API_V4_URL=${server}/api/v4",
        "CI_PROJECT_ID=${project}",
        "CI_MERGE_REQUEST_IID=${request}",
    ]
    return withEnv(names) {
        return withCredentials([usernamePassword(credentialsId: 'git', usernameVariable: 'GIT_USERNAME', passwordVariable: 'GITLAB_TOKEN')], body)
    }
}

/**
 * The address of the GitLab of a repository, and the project. PLATFORM_API, a global variable of Jenkins, has the path under
 * which GitLab is served; without it, and for a repository elsewhere, GitLab is the whole server.
 */
private List addressOf(String url) {
    def known = (env.PLATFORM_API ?: '').replaceFirst('/api/v4$', '')
    def server = known && url.startsWith("${known}/") ? known : url.find('^https://[^/]+')
    return [server, url.substring(server.length() + 1).replaceFirst('\\.git$', '')]
}
