package jenkins.security

import hudson.model.User
import hudson.model.UserProperty
import java.time.LocalDate
import jenkins.security.apitoken.ApiTokenStore

/** A stub of core/src/main/java/jenkins/security/ApiTokenProperty.java of Jenkins 2.568.2: signatures as there. */
class ApiTokenProperty extends UserProperty {
    private ApiTokenStore tokenStore

    @Override
    protected void setUser(User u) {
        super.setUser(u)
        if (this.tokenStore == null) {
            this.tokenStore = new ApiTokenStore()
        }
    }

    ApiTokenStore getTokenStore() {
        return tokenStore
    }

    String addFixedNewToken(String name, String tokenPlainValue) throws IOException {
        return addFixedNewToken(name, tokenPlainValue, null)
    }

    String addFixedNewToken(String name, String tokenPlainValue, LocalDate expirationDate) throws IOException {
        def uuid = tokenStore.addFixedNewToken(name, tokenPlainValue, expirationDate)
        user.save()
        return uuid
    }

    void revokeToken(String tokenUuid) throws IOException {
        tokenStore.revokeToken(tokenUuid)
        user.save()
    }
}
