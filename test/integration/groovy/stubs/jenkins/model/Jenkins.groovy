package jenkins.model

/** Stands in for Jenkins with the jobs that it has. */
class Jenkins {
    static List jobs = []

    static Jenkins get() {
        return new Jenkins()
    }

    List getAllItems(Class type) {
        return jobs.findAll { job -> type.isInstance(job) }
    }
}
