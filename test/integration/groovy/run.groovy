// Runs scripts as Jenkins would, recording each step instead of executing it. Each line of the input is the path of a
// file with a list of scenarios as a Groovy literal. The results are written to the same path with ".json", and then
// "done <path>" is printed.

import hudson.model.User
import jenkins.model.Jenkins
import jenkins.security.ApiTokenProperty
import org.codehaus.groovy.control.CompilerConfiguration

System.in.eachLine('UTF-8') { path ->
    def scenarios = Eval.me(new File(path).getText('UTF-8'))
    new File("${path}.json").setText(json(scenarios.collect { scenario -> run(scenario) }), 'UTF-8')
    println("done ${path}")
}

/** What a pipeline asks of its own build. */
class Build {
    final String cause
    /** Global variables that the builds before it had when they ended, the last one first. */
    private final List earlier

    Build(String cause, List earlier) {
        this.cause = cause
        this.earlier = earlier
    }

    Build getPreviousBuild() {
        return earlier ? new EarlierBuild(earlier) : null
    }

    List getBuildCauses(String type) {
        return cause != null && type.contains(cause) ? [[shortDescription: cause]] : []
    }
}

/** A build that has ended. */
class EarlierBuild extends Build {
    final Map buildVariables

    EarlierBuild(List builds) {
        super(null, builds.drop(1))
        buildVariables = builds[0]
    }
}

Map run(Map scenario) {
    def recorder = new Recorder(scenario)
    def loader = new GroovyClassLoader(getClass().classLoader)
    def configuration = new CompilerConfiguration(scriptBaseClass: 'Steps')
    User.all.clear()
    Jenkins.jobs = (scenario.jobs ?: []).collect { job -> new hudson.model.Job(job) }

    def binding = new Binding([recorder: recorder, params: scenario.params, env: scenario.env, none: 'none', scm: 'scm', currentBuild: new Build(scenario.cause, scenario.earlier ?: [])])
    def shell = new GroovyShell(loader, binding, configuration)
    if (scenario.library) {
        new File(scenario.library).listFiles().findAll { it.name.endsWith('.groovy') }.each { file ->
            binding.setVariable(file.name - '.groovy', shell.parse(file))
        }
    }

    def failure = null
    try {
        (scenario.runs ?: 1).times {
            shell.evaluate(scenario.script, 'script.groovy')
        }
    } catch (IllegalStateException error) {
        failure = error.message
    }
    return [
        events: recorder.events,
        failure: failure,
        env: scenario.env,
        disabled: Jenkins.jobs.findAll { it.off }*.fullName,
        tokens: tokens(),
    ]
}

/** Every API token that was made, and how often its user was saved. */
List tokens() {
    return User.all.collectMany { id, user ->
        def store = user.getProperty(ApiTokenProperty)?.tokenStore
        return store == null ? [] : store.tokenListSortedByName.collect { token ->
            [user: id, name: token.name, plain: token.plain, expires: token.expirationDate != null, saves: user.saves]
        }
    }
}

String json(Object value) {
    if (value instanceof Map) {
        return '{' + value.collect { key, entry -> json(key.toString()) + ':' + json(entry) }.join(',') + '}'
    }
    if (value instanceof Collection) {
        return '[' + value.collect { entry -> json(entry) }.join(',') + ']'
    }
    if (value == null || value instanceof Number || value instanceof Boolean) {
        return String.valueOf(value)
    }
    def escaped = value.toString().toList().collect { character ->
        character in ['"', '\\'] ? '\\' + character
            : character < ' ' ? String.format('\\u%04x', character.codePointAt(0))
            : character
    }
    return '"' + escaped.join('') + '"'
}
