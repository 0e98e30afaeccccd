/** A file for download from its publisher. */
export interface Archive {
  /** Host and path, without a scheme. A mirror has it under the same path. */
  path: string;
  /** Checksum from the publisher, confirmed by several projects that use the file. */
  sha256: string;
}

/** All downloads of the base images. Binaries are for 64-bit x86. */
export const archives = {
  "nginx-1.16.1": {
    path: "nginx.org/download/nginx-1.16.1.tar.gz",
    sha256: "f11c2a6dd1d3515736f0324857957db2de98be862461b5a542a3ac6188dbe32b",
  },
  "php-5.5.9": {
    path: "museum.php.net/php5/php-5.5.9.tar.bz2",
    sha256: "9d1dea5195e2bcd928416130a6e19173d02bd36fb76c382522bf145c458fbed3",
  },
  "php-7.0.16": {
    path: "www.php.net/distributions/php-7.0.16.tar.xz",
    sha256: "244ac39bc657448962860aa7a590e4417f68513ad5e86ee2727b1328b0537309",
  },
  "php-7.2.11": {
    path: "www.php.net/distributions/php-7.2.11.tar.xz",
    sha256: "da1a705c0bc46410e330fc6baa967666c8cd2985378fb9707c01a8e33b01d985",
  },
  "openssl-1.0.2u": {
    path: "www.openssl.org/source/old/1.0.2/openssl-1.0.2u.tar.gz",
    sha256: "ecd0c6ffb493dd06707d38b14bb4d8c2288bb7033735606569d8f90f89669d16",
  },
  "openssl-1.1.1w": {
    path: "www.openssl.org/source/old/1.1.1/openssl-1.1.1w.tar.gz",
    sha256: "cf3098950cb4d853ad95c0841f1f9c6d3dc102dccfcacd521d93925208b76ac8",
  },
  "jdk-8": {
    path: "github.com/adoptium/temurin8-binaries/releases/download/jdk8u504-b01/OpenJDK8U-jdk_x64_linux_hotspot_8u504b01.tar.gz",
    sha256: "9c70e102f527ac674ac2fe9c7d47b9a04e2d19842ba5ab8e9b33f368bbadfaea",
  },
  "jdk-21": {
    path: "github.com/adoptium/temurin21-binaries/releases/download/jdk-21.0.12.1%2B1/OpenJDK21U-jdk_x64_linux_hotspot_21.0.12.1_1.tar.gz",
    sha256: "ce79869e1307ed8ee1e2baa86a412b1eb5b75d10a01006d788a6f968bcfaee94",
  },
  "jdk-25": {
    path: "github.com/adoptium/temurin25-binaries/releases/download/jdk-25.0.4.1%2B1/OpenJDK25U-jdk_x64_linux_hotspot_25.0.4.1_1.tar.gz",
    sha256: "dbb698396d478e7fa2b1e50f4103324b2a99b90569ee27c33f2261f9215cf41e",
  },
  maven: {
    path: "archive.apache.org/dist/maven/maven-3/3.9.16/binaries/apache-maven-3.9.16-bin.tar.gz",
    sha256: "80ffca22aed9e8b9713a232f3394fd81d7f20322df75efdb2b047dbd3e3a23bb",
  },
  tomcat: {
    path: "archive.apache.org/dist/tomcat/tomcat-9/v9.0.122/bin/apache-tomcat-9.0.122.tar.gz",
    sha256: "d8ec7e512e1450d23bceb14e93ac647ad20524ae8457a6eef529c077f8829890",
  },
  node: {
    path: "nodejs.org/dist/v24.18.0/node-v24.18.0-linux-x64.tar.xz",
    sha256: "55aa7153f9d88f28d765fcdad5ae6945b5c0f98a36881703817e4c450fa76742",
  },
} as const satisfies Record<string, Archive>;
