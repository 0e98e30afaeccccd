import { list, plain, symbols, type Known } from "./known";

const credentials = symbols({
  usernamePassword: {
    source: "credentials: impl/UsernamePasswordCredentialsImpl.java",
    attributes: plain("scope id description username password usernameSecret"),
  },
});

const domain: Known = {
  source: "credentials: domains/Domain.java",
  attributes: {
    ...plain("name description"),
    specifications: list(
      symbols({
        hostnameSpecification: {
          source: "credentials: domains/HostnameSpecification.java",
          attributes: plain("includes excludes"),
        },
      }),
    ),
  },
};

/** Root element of the credentials that Jenkins itself has. */
export const systemCredentials: Known = {
  source: "credentials: casc/SystemCredentialsProviderConfigurator.java",
  attributes: {
    system: {
      source: "credentials: SystemCredentialsProvider.java",
      attributes: {
        domainCredentials: list({
          source: "credentials: domains/DomainCredentials.java",
          attributes: { domain, credentials: list(credentials) },
        }),
      },
    },
  },
};
