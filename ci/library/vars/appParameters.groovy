/** Refuses parameters that a shell or a registry would misread, before anything is built. */
def call(Map app) {
    if (!app.platform.stacks.containsKey(params.BRANCH)) {
        error("BRANCH: expected one of ${app.platform.stacks.keySet().join(', ')}, got \"${params.BRANCH}\"")
    }
    if (params.TYPE == 'delete') {
        return
    }
    if (params.TYPE != 'apply') {
        error("TYPE: expected apply or delete, got \"${params.TYPE}\"")
    }
    if (app.repository && !(params.VERSION ==~ /[0-9]+\.[0-9]+\.[0-9]+(-[0-9A-Za-z.-]+)?/)) {
        error("VERSION: expected a semantic version without build metadata, for example 1.5.0, got \"${params.VERSION}\"")
    }
    if (!(params.VERSION ==~ /[A-Za-z0-9][A-Za-z0-9._-]{0,62}/)) {
        error("VERSION: expected an image tag of letters, digits, dots, dashes and underscores, for example 1.5.0, got \"${params.VERSION}\"")
    }
    // With a repository, the tag that is built adds the environment and the commit.
    env.RELEASE = params.VERSION
}
