package hudson.model

/** Stands in for a job of Jenkins. */
class Job {
    String fullName
    String description
    boolean off = false

    void makeDisabled(boolean value) {
        off = value
    }
}
