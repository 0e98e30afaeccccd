/** How PHP gets an extension: by a flag of its `configure`, by a Debian package, or both. */
interface Extension {
  /** Flag for a version that is compiled; absent where the old versions do not get it. */
  flag?: string;
  /** Debian package after `php<version>-`; `common` comes with every one. */
  package: string;
}

/** Extensions that the images may have. Those that are always there (json, pdo, xml…) are not named. */
const extensions = {
  bcmath: { flag: "--enable-bcmath", package: "bcmath" },
  curl: { flag: "--with-curl", package: "curl" },
  exif: { flag: "--enable-exif", package: "common" },
  gd: { flag: "--with-gd --with-jpeg-dir=/usr --with-png-dir=/usr", package: "gd" },
  intl: { package: "intl" },
  mbstring: { flag: "--enable-mbstring", package: "mbstring" },
  mysqli: { flag: "--with-mysqli=mysqlnd", package: "mysql" },
  opcache: { flag: "--enable-opcache", package: "opcache" },
  openssl: { flag: "--with-openssl=/opt/openssl", package: "common" },
  pcntl: { flag: "--enable-pcntl", package: "cli" },
  pdo_mysql: { flag: "--with-pdo-mysql=mysqlnd", package: "mysql" },
  redis: { package: "redis" },
  soap: { flag: "--enable-soap", package: "soap" },
  sockets: { flag: "--enable-sockets", package: "common" },
  zip: { flag: "--enable-zip", package: "zip" },
  zlib: { flag: "--with-zlib", package: "common" },
} as const satisfies Record<string, Extension>;

/** An extension of PHP by the name under which `php -m` lists it. */
export type PhpExtension = keyof typeof extensions;

/** Debian's packages of a PHP version with these extensions. */
export function phpPackages(version: string, names: readonly PhpExtension[]): string[] {
  const all = ["fpm", "xml", ...names.map((name) => extensions[name].package)];
  return [...new Set(all)].map((name) => `php${version}-${name}`);
}

/**
 * Flags of `configure` for these extensions.
 * @throws Error for an extension that the compiled versions do not have.
 */
export function phpFlags(names: readonly PhpExtension[]): string[] {
  return names.flatMap((name) => {
    const { flag }: Extension = extensions[name];
    if (flag === undefined) throw new Error(`A compiled PHP has no extension ${name}.`);
    return flag.split(" ");
  });
}
