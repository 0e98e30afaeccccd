package hudson.model

/** A stub of core/src/main/java/hudson/model/User.java of Jenkins 2.568.2: signatures as there. */
class User {
    /** For the test: every user that was asked for. */
    static final Map<String, User> all = [:]

    /** For the test: how often the user was saved. */
    int saves = 0
    private final String id
    private List<UserProperty> properties = []

    static User getById(String id, boolean create) {
        if (create && !all.containsKey(id)) {
            all[id] = new User(id)
        }
        return all[id]
    }

    private User(String id) {
        this.id = id
    }

    String getId() {
        return id
    }

    def <T extends UserProperty> T getProperty(Class<T> clazz) {
        return (T) properties.find { property -> clazz.isInstance(property) }
    }

    synchronized void addProperty(UserProperty p) throws IOException {
        def old = getProperty(p.getClass())
        properties = properties.findAll { property -> !property.is(old) } + [p]
        p.setUser(this)
        save()
    }

    synchronized void save() throws IOException {
        saves += 1
    }
}
