/** The names of the stacks that were found; each after the stacks that it waits for. */
List names() {
    return entries().collect { it.tokenize(':')[0] }
}

/**
 * Waits, without an agent, until the stacks before this one are updated: its platform's stack, and those with an earlier
 * wave of a release group. Fails if one of them was not.
 * @param updated whether the update of each stack succeeded, for those that have ended
 */
void await(String stack, Map updated) {
    def needed = needsOf(stack)
    waitUntil(quiet: true) { needed.every { updated.containsKey(it) } }
    def failed = needed.findAll { !updated[it] }
    if (failed) {
        error("Stack ${stack} is not updated: it comes after ${failed.join(', ')}, whose update failed or was not approved.")
    }
}

private List needsOf(String stack) {
    def entry = entries().find { it.startsWith("${stack}:") }
    return entry ? entry.tokenize(':')[1].tokenize(',') : []
}

/** Such as `prod` and `shop.prod:prod,stock.prod`. */
private List entries() {
    if (env.PLATFORM_FOUND != 'true') {
        error('PLATFORM_STACKS: expected the stacks that the stage Stacks finds, got none, because it did not run in this build; restart the build from the stage Stacks')
    }
    return (env.PLATFORM_STACKS ?: '').tokenize(' ')
}
