package jenkins.security

/** Stands in for the API tokens of a user. */
class ApiTokenProperty {
    def tokenStore
}
