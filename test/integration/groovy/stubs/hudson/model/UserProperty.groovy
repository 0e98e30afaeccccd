package hudson.model

/** A stub of core/src/main/java/hudson/model/UserProperty.java of Jenkins 2.568.2. */
abstract class UserProperty {
    protected transient User user

    protected void setUser(User u) {
        this.user = u
    }
}
