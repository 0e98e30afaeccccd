/** Finds every stack, for the stages that follow. */
def findAll() {
    stackSearch.findAll()
}

/** Finds the stacks that this change concerns, or all of them at night, for the stages that follow. */
def find() {
    stackSearch.find(night())
}

/** Works on all stacks that were found, in parallel: previews them, updates them after an approval, or looks for drift. */
def each() {
    // Whether the update of each stack succeeded, for the stacks that come after it.
    def updated = [:]
    try {
        onEach { stack -> work(stack, updated) }
    } finally {
        if (!stackSearch.onDefaultBranch() && !night()) {
            stage('Summary') { onPlatform { summary(stackOrder.names()) } }
        }
    }
    if (stackSearch.onDefaultBranch() && !night()) {
        // Read by applied() in later builds. A build that failed or was aborted does not come here.
        env.PLATFORM_APPLIED = env.PLATFORM_COMMIT
    }
}

/** Checks the canaries of every stack that was found, and proposes the next step of those that advance automatically. */
def canaries() {
    onEach { stack ->
        onPlatform {
            lock("pulumi-${stack}") {
                prepared(stack) {
                    def status = sh(returnStatus: true, script: 'npx platform release checks --stack "$STACK"')
                    // 2: too few requests prove nothing.
                    if (status == 3) {
                        unstable("The canaries of stack ${stack} could not be checked, which says nothing about them.")
                    } else if (status != 0 && status != 2) {
                        unstable("A canary of stack ${stack} fails its check.")
                    }
                    advance()
                }
            }
        }
    }
}

private void onEach(Closure body) {
    def branches = [:]
    for (name in stackOrder.names()) {
        def stack = name
        branches[stack] = { body(stack) }
    }
    if (branches) {
        parallel(branches)
    }
}

/** Runs a closure on an agent that has the credentials, with this build's commit checked out. */
private void onPlatform(Closure body) {
    node('platform') {
        // Only the agent of a stage sets it by itself.
        env.GIT_URL = checkout(scm).GIT_URL
        body()
    }
}

/** Takes the next steps as a commit, and a merge request of it that merges itself when its pipeline has passed. */
private void advance() {
    withCredentials([gitUsernamePassword(credentialsId: 'git')]) {
        withEnv(["TARGET=${stackSearch.defaultBranch()}"]) {
            sh('.ci/propose-steps')
        }
    }
}

/**
 * One comment that sums up the previews of all stacks, on the commit's merge request. Fails if the author of the merge
 * request may not change all of its files, also where it concerns no stack.
 */
private void summary(List stacks) {
    container('build') {
        sh('npm ci --no-audit --no-fund')
        for (stack in stacks) {
            catchError(buildResult: null, stageResult: null, message: "no report of ${stack}") {
                unstash("report-${stack}")
            }
        }
        def request = mergeRequest.number()
        withEnv(["STACKS=${stacks.join(' ')}"]) {
            def command = 'npx platform stacks summary --reports previews $STACKS'
            if (!request) {
                echo('This commit is in no merge request yet: who may change its files was not checked. Once there is one, start the build again.')
                if (stacks) {
                    sh(command)
                }
                return
            }
            mergeRequest.posting(request) {
                if (stacks) {
                    sh("${command} --post")
                }
                sh('npx platform stacks owners')
            }
        }
    }
}

private void work(String stack, Map updated) {
    if (night()) {
        if (stackSearch.onDefaultBranch()) {
            stage('Drift') { onPlatform { drift(stack) } }
        }
        return
    }
    if (!stackSearch.onDefaultBranch()) {
        stage('Preview') { onPlatform { preview(stack) } }
        return
    }
    def done = false
    try {
        approvedUpdate(stack, updated)
        done = true
    } finally {
        updated[stack] = done
    }
}

private void approvedUpdate(String stack, Map updated) {
    stage('Preview') { onPlatform { preview(stack) } }
    stage('Approve') {
        // Updates run in the order of their commits, so one that nobody approves must not block the next ones.
        timeout(time: 1, unit: 'DAYS') {
            // Without an agent. What is approved is the plan that the preview shows.
            input(message: "Update stack ${stack} as its preview shows?", ok: 'Update', submitter: approvers())
        }
    }
    stage('Update') {
        stackOrder.await(stack, updated)
        onPlatform { update(stack) }
    }
}

/**
 * The groups that may let a waiting build continue: those of PLATFORM_APPROVERS, a global variable of Jenkins, and more
 * of them. Administrators may always. Never empty, because the step would then accept everybody who may start builds,
 * such as the user whose token starts them from outside; without groups, it is a name that no group has.
 */
String approvers(List more = []) {
    return ((env.PLATFORM_APPROVERS ?: '').tokenize(',') + more).join(',') ?: 'administrators'
}

/** Whether the schedule started the build, not a change. */
private boolean night() {
    return currentBuild.getBuildCauses('hudson.triggers.TimerTrigger$TimerTriggerCause')
}

/**
 * Shows what an update would do and which rules of the policy it breaks: as a comment on the
 * commit's merge request, or in the log where there is none. Keeps the plan, so that what is approved
 * is what is applied.
 */
def preview(String stack) {
    prepared(stack) {
        def request = mergeRequest.number()
        def command = 'npx platform preview "$STACK" --report preview.json'
        def status = request ? mergeRequest.posting(request) { sh(returnStatus: true, script: "${command} --post") }
            : sh(returnStatus: true, script: command)
        sh('mkdir -p previews && { test ! -f preview.json || cp preview.json "previews/$STACK.json"; }')
        stash(name: "report-${stack}", includes: 'previews/*', allowEmpty: true)
        if (status != 0 && status != 3) {
            error("Stack ${stack} cannot be updated like this, or breaks a mandatory rule; the preview says why.")
        }
        stash(name: "plan-${stack}", includes: 'preview.json,.local/previews/*')
        if (status == 3) {
            unstable("The preview of stack ${stack} shows dangers.")
        }
    }
}

/** Applies the plan that was shown, and no other; two builds never update the same stack at the same time. */
def update(String stack) {
    lock("pulumi-${stack}") {
        prepared(stack) {
            unstash("plan-${stack}")
            sh('''
                hash=$(node --print 'require("./preview.json").planHash')
                npx platform up "$STACK" --plan-hash "$hash"
            '''.stripIndent())
        }
    }
}

/** Fails if something in the cluster differs from the last update. */
def drift(String stack) {
    lock("pulumi-${stack}") {
        prepared(stack) {
            sh('pulumi refresh --preview-only --expect-no-changes --diff --non-interactive --stack "$STACK"')
        }
    }
}

/**
 * Puts the kubeconfig of Secret platform-release where the config of stack $STACK names it, as a link: Jenkins shows the
 * files of a workspace in its web UI, but follows no link out of it. One kubeconfig serves every stack: each names its
 * own context.
 */
def installKubeconfig() {
    sh('''
        source=/run/secrets/platform/kubeconfig
        if [ ! -f "$source" ]; then
            echo 'Secret platform-release in namespace ci-agents: expected the key kubeconfig, got none (docs/state.md)' >&2
            exit 1
        fi
        target=$(pulumi config get --path platform:cluster.kubeconfig --stack "$STACK")
        mkdir -p "$(dirname "$target")"
        ln -sf "$source" "$target"
    '''.stripIndent())
}

private void prepared(String stack, Closure body) {
    container('build') {
        // If a stack's file has lost the salt of its key, the engine uses the one in the state instead of creating a new one.
        withEnv(["STACK=${stack}", 'PULUMI_FALLBACK_TO_STATE_SECRETS_MANAGER=true']) {
            sh('npm ci --no-audit --no-fund && npx platform crds')
            installKubeconfig()
            body()
        }
    }
}
