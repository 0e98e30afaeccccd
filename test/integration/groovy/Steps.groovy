/** What every script of Jenkins is: steps and blocks that it does not define go to the recorder. */
abstract class Steps extends Script {
    def methodMissing(String name, Object args) {
        def variable = binding.hasVariable(name) ? binding.getVariable(name) : null
        if (variable instanceof Script) {
            return variable.invokeMethod('call', args)
        }
        return binding.getVariable('recorder').call(this, name, (args as Object[]).toList())
    }
}
