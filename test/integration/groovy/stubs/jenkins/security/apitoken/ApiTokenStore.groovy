package jenkins.security.apitoken

import java.time.LocalDate

/** A stub of core/src/main/java/jenkins/security/apitoken/ApiTokenStore.java of Jenkins 2.568.2: signatures and checks as there. */
class ApiTokenStore {
    private List<HashedToken> tokenList = []

    synchronized Collection<HashedToken> getTokenListSortedByName() {
        return tokenList.sort(false) { token -> token.name.toLowerCase(Locale.ENGLISH) }
    }

    synchronized String addFixedNewToken(String name, String tokenPlainValue, LocalDate expirationDate) {
        if (tokenPlainValue.length() != 34) {
            throw new IllegalArgumentException('The token must consist of 2 characters for the version and 32 hex-characters for the secret')
        }
        if (tokenPlainValue.substring(0, 2) != '11') {
            throw new IllegalArgumentException('The given version is not recognized: ' + tokenPlainValue.substring(0, 2))
        }
        if (!(tokenPlainValue.substring(2).toLowerCase() ==~ /[a-f0-9]{32}/)) {
            throw new IllegalArgumentException('The secret part of the token must consist of 32 hex-characters')
        }
        def token = new HashedToken(name, tokenPlainValue, expirationDate)
        tokenList.add(token)
        return token.uuid
    }

    synchronized HashedToken revokeToken(String tokenUuid) {
        def token = tokenList.find { known -> known.uuid == tokenUuid }
        tokenList.remove(token)
        return token
    }

    /** The stub keeps the plain value, which Jenkins keeps as a hash only. */
    static class HashedToken {
        private final String uuid = UUID.randomUUID().toString()
        private final String name
        private final LocalDate expirationDate
        final String plain

        HashedToken(String name, String plain, LocalDate expirationDate) {
            this.name = name
            this.plain = plain
            this.expirationDate = expirationDate
        }

        String getUuid() {
            return uuid
        }

        String getName() {
            return name
        }

        LocalDate getExpirationDate() {
            return expirationDate
        }
    }
}
