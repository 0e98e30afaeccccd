/** Refuses parameters that a shell or a registry would misread, before anything is built. */
def call(Map app) {
    if (!app.platform.stacks.containsKey(params.BRANCH)) {
        error("BRANCH is \"${params.BRANCH}\", allowed is one of ${app.platform.stacks.keySet().join(', ')}")
    }
    if (params.TYPE == 'delete') {
        return
    }
    if (params.TYPE != 'apply') {
        error("TYPE is \"${params.TYPE}\", allowed is apply or delete")
    }
    if (app.repository && !(params.VERSION ==~ /[0-9]+\.[0-9]+\.[0-9]+(-[0-9A-Za-z.-]+)?/)) {
        error("VERSION is \"${params.VERSION}\", allowed is a semantic version without build data, for example 1.5.0")
    }
    if (!(params.VERSION ==~ /[A-Za-z0-9][A-Za-z0-9._-]{0,62}/)) {
        error("VERSION is \"${params.VERSION}\", allowed is an image tag such as 1.5.0: letters, digits, dots, dashes and underscores")
    }
    // With a repository, the tag that is built adds the environment and the commit.
    env.RELEASE = params.VERSION
}
