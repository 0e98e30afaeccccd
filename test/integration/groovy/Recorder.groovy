/** Plays the part of Jenkins: runs a pipeline's blocks and notes its steps instead of doing them. */
class Recorder {
    final Map scenario
    final List events = []
    private final List blocks = []
    private final List variables = []
    private final List stages = []
    private final List axes = []

    Recorder(Map scenario) {
        this.scenario = scenario
    }

    /** A call that no script defines: a block or a step of Jenkins. */
    Object call(Script script, String name, List args) {
        def body = args && args[-1] instanceof Closure ? args[-1] : null
        def values = body == null ? args : args[0..<-1]
        switch (name) {
            case 'pipeline': case 'steps': case 'script': case 'stages': case 'matrix': case 'axes':
                if (body == null) {
                    break
                }
                return control(name, body)
            case 'stage':
                return stage(values[0], body)
            case 'when':
                stages[-1].runs = conditions(body).every()
                return null
            case 'expression':
                return condition(body.call() as boolean)
            case 'branch':
                return condition(script.env.BRANCH_NAME == values[0])
            case 'triggeredBy':
                return condition(scenario.cause == values[0])
            case 'not':
                return condition(!conditions(body).every())
            case 'parallel':
                return branches(values[0])
            case 'waitUntil':
                // Other branches run before or after this one, so what is not so now stays so.
                if (!body.call()) {
                    throw new IllegalStateException('waits forever')
                }
                return null
            case 'beforeAgent':
                return null
            case 'options':
                return stages && !stages[-1].runs ? null : body.call()
            case 'axis':
                def axis = [:]
                axes << axis
                return body.call()
            case 'values':
                axes[-1].values = values
                return null
            case 'agent':
                if (stages && !stages[-1].runs) {
                    return null
                }
                if (body == null) {
                    return null
                }
                return body.call()
            case 'label':
                stages[-1].agent = values[0].toString()
                return null
        }
        if (name == 'name' && blocks && blocks[-1] == 'axes') {
            axes[-1].name = values[0]
            return null
        }
        return step(script, name, values, body)
    }

    /** One after the other; like in Jenkins, one that fails does not end the others, and the first failure is the step's. */
    private Object branches(Map all) {
        def failures = []
        all.each { key, branch ->
            try {
                branch.call()
            } catch (IllegalStateException failure) {
                failures << failure
            }
        }
        if (failures) {
            throw failures[0]
        }
        return null
    }

    private Object control(String name, Closure body) {
        if (name != 'pipeline' && stages && !stages[-1].runs) {
            return null
        }
        blocks << name
        try {
            if (name != 'stages' || blocks.size() < 2 || blocks[-2] != 'matrix') {
                return body.call()
            }
            axes[-1].values.each { value ->
                body.owner.binding.env[axes[-1].name] = value
                body.call()
            }
            return null
        } finally {
            blocks.remove(blocks.size() - 1)
        }
    }

    private Object stage(Object name, Closure body) {
        if (stages && !stages[-1].runs) {
            return null
        }
        stages << [name: name.toString(), runs: true, agent: stages ? stages[-1].agent : null]
        try {
            return body.call()
        } finally {
            stages.remove(stages.size() - 1)
        }
    }

    private List collected = null

    private List conditions(Closure body) {
        def outer = collected
        collected = []
        try {
            body.call()
            return collected
        } finally {
            collected = outer
        }
    }

    private Object condition(boolean value) {
        collected << value
        return value
    }

    private Object step(Script script, String name, List values, Closure body) {
        def named = values && values[0] instanceof Map ? values[0] : [:]
        events << [
            step: name,
            args: values.collect { value -> plain(value) },
            stage: stages ? stages[-1].name : null,
            agent: name == 'node' ? values[0].toString() : current('node') ?: (stages ? stages[-1].agent : null),
            container: current('container'),
            env: variables.collectMany { it },
            within: blocks.findAll { it instanceof Map }.collect { it.name },
        ]
        if (name == 'error') {
            throw new IllegalStateException(values[0].toString())
        }
        if (body != null) {
            blocks << [name: name, value: values ? values[0] : null]
            variables << (name == 'withEnv' ? values[0].collect { it.toString() } : [])
            try {
                return body.call()
            } finally {
                blocks.remove(blocks.size() - 1)
                variables.remove(variables.size() - 1)
            }
        }
        return answer(name, named)
    }

    private String current(String name) {
        def block = blocks.reverse().find { it instanceof Map && it.name == name }
        return block?.value
    }

    private Object answer(String name, Map named) {
        switch (name) {
            case 'checkout':
                return [GIT_COMMIT: '3f2c1a9d0e4b', GIT_URL: scenario.url]
            case 'fileExists':
                return scenario.hook ?: false
            case 'sh':
                if (named.returnStatus) {
                    return scenario.statuses.remove(0)
                }
                if (named.returnStdout && named.script.toString().contains('stacks.json')) {
                    return scenario.stacks ?: 'prod\n'
                }
                return named.returnStdout ? scenario.output : null
        }
        return null
    }

    private Object plain(Object value) {
        if (value instanceof Map) {
            return value.collectEntries { key, entry -> [(key.toString()): plain(entry)] }
        }
        if (value instanceof Collection) {
            return value.collect { entry -> plain(entry) }
        }
        return value instanceof CharSequence ? value.toString() : value
    }
}
