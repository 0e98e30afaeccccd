/** Finds every stack, for the stages that follow. */
def findAll() {
    container('build') {
        sh('npm ci --no-audit --no-fund && npx platform stacks pipeline --format needs --all --out stacks.json')
        found()
    }
}

/** Finds the stacks that this change concerns, or all of them at night, for the stages that follow. */
def find(boolean night) {
    container('build') {
        def main = onDefaultBranch()
        // On the default branch, all changes that no build has applied yet count.
        withEnv(["ALL=${night ? '--all' : ''}", "BRANCH=${main ? '' : 'change'}", "BASE=${main ? applied() : ''}", "TARGET=${defaultBranch()}"]) {
            sh('''
                npm ci --no-audit --no-fund
                test -z "$BRANCH" || BASE=$(git merge-base "origin/$TARGET" HEAD || true)
                # If the commit before is unknown, every stack is concerned.
                test -n "$BASE" || ALL=--all
                npx platform stacks pipeline --format needs ${BASE:+--base "$BASE"} $ALL --out stacks.json
            '''.stripIndent())
        }
        found()
    }
}

/** The branch of the platform's repository whose builds update the stacks: PLATFORM_BRANCH, a global variable of Jenkins. */
String defaultBranch() {
    return env.PLATFORM_BRANCH ?: 'main'
}

/** Whether this build is one of the default branch. */
boolean onDefaultBranch() {
    return env.BRANCH_NAME == defaultBranch()
}

/**
 * The commit of the last build that updated every stack that it found; empty if no kept build did. Other successful builds
 * do not count: the one at night applies nothing.
 */
private String applied() {
    for (def build = currentBuild.previousBuild; build; build = build.previousBuild) {
        def commit = build.buildVariables?.PLATFORM_APPLIED
        if (commit) {
            return commit
        }
    }
    return ''
}

private void found() {
    // The stage's agent sets it, and each() needs it later.
    env.PLATFORM_COMMIT = env.GIT_COMMIT
    // The agent is gone when the stages of the stacks run; a variable of the build is not. Each stack with those that must
    // be updated before it: prod shop.prod:prod,stock.prod
    env.PLATFORM_STACKS = sh(returnStdout: true, script: '''
        node --print 'Object.entries(require("./stacks.json")).map(([name, needs]) => [name, ...needs.length ? [needs] : []].join(":")).join(" ")'
    '''.stripIndent().trim()).trim()
    // Jenkins does not distinguish an empty variable from one that was not set.
    env.PLATFORM_FOUND = 'true'
}
