// Compiles every file that is named, whole and to bytecode, and prints what is wrong with each.

import org.codehaus.groovy.control.CompilationFailedException
import org.codehaus.groovy.control.CompilationUnit
import org.codehaus.groovy.control.CompilerConfiguration
import org.codehaus.groovy.control.Phases

def failed = false
args.each { path ->
    def unit = new CompilationUnit(new CompilerConfiguration(), null, new GroovyClassLoader(getClass().classLoader))
    unit.addSource(new File(path))
    try {
        unit.compile(Phases.CLASS_GENERATION)
        println("compiled ${path}")
    } catch (CompilationFailedException error) {
        failed = true
        println("${path}: ${error.message}")
    }
}
System.exit(failed ? 1 : 0)
