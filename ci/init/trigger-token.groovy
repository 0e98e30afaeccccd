// Gives the user that starts builds from outside the API token of the Secret, each time Jenkins
// starts. Settings as code cannot: a token is made by its user, and shown once.

import hudson.model.User
import jenkins.security.ApiTokenProperty

def name = 'platform'
def token = new File('/run/secrets/jenkins/trigger-token').text.trim()
def user = User.getById(new File('/run/secrets/jenkins/trigger-user').text.trim(), true)
def property = user.getProperty(ApiTokenProperty)
if (property == null) {
    property = new ApiTokenProperty()
    user.addProperty(property)
}
property.tokenStore.tokenListSortedByName
    .findAll { known -> known.name == name }
    .each { known -> property.revokeToken(known.uuid) }
try {
    property.addFixedNewToken(name, token)
} catch (Exception error) {
    // The message of an error may quote the arguments of a call, and Jenkins logs it.
    throw new IllegalStateException("The API token of user ${user.id} was not made: ${error.class.name}")
}
