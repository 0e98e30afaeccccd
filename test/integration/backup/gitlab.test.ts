import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ensureBinary } from "../../../local/toolchain/install";
import { script } from "../../support/backup";
import { skipWithoutRoot } from "../../support/cluster-plan";
import { debianProgram } from "../../support/debian-program";
import { PlanMachine, type Result } from "../../support/plan-machine";
import { standIn } from "../../support/shell";

const packages = ["openssh-server", "openssh-client"];

/** What the script of the backup finds in the image of restic: BusyBox's programs, and OpenSSH's client. */
const busyboxPrograms = "sh tar mktemp grep wc basename mv cat rm".split(" ");

/**
 * A stand-in for GitLab's own command. It takes the words of the real one that the script needs and no others, talks on
 * standard output as that does, and leaves a tar with GitLab's name and its description.
 */
const gitlabBackup = `
[ "$*" = 'create CRON=1' ] || { echo "gitlab-backup: unexpected: $*" >&2; exit 64; }
echo 'Creating backup archive'
cd /var/opt/gitlab/backups
head -c 200000 /dev/zero >db.sql
echo ':gitlab_version: 18.6.0' >backup_information.yml
tar -cf 1764230400_2026_11_27_18.6.0_gitlab_backup.tar backup_information.yml db.sql
rm db.sql backup_information.yml`;

/**
 * What stands in for GitLab's machine: a real sshd, whose forced command is the script of docs/backup.md. That runs as the
 * user of the key, who owns GitLab's folders here: there is no sudo.
 */
describe("the backup of GitLab over a real SSH server, with a stand-in for GitLab's own command", () => {
  let folder: string;
  let machine: PlanMachine;
  before(async function () {
    await skipWithoutRoot(this);
    const sshd = await debianProgram(packages, "usr/sbin/sshd");
    const ssh = await debianProgram(packages, "usr/bin/ssh");
    const keygen = await debianProgram(packages, "usr/bin/ssh-keygen");
    const busybox = await debianProgram(["busybox"], "usr/bin/busybox");
    if (sshd instanceof Error || ssh instanceof Error || keygen instanceof Error)
      return this.skip();
    if (busybox instanceof Error) return this.skip();
    for (const name of ["kubeadm", "kube-apiserver", "etcd", "etcdctl", "kubectl"]) {
      await ensureBinary(name);
    }
    folder = mkdtempSync(join(tmpdir(), "gitlab-backup-"));
    machine = new PlanMachine("gitlab", ["10.20.0.40"], folder, folder);
    await machine.start();
    standIn(join(folder, "bin/ssh"), `exec ${ssh.join(" ")} "$@"`);
    standIn(join(folder, "image/ssh"), `exec ${ssh.join(" ")} "$@"`);
    for (const name of busyboxPrograms) {
      standIn(join(folder, "image", name), `exec ${busybox.join(" ")} ${name} "$@"`);
    }
    const make = `
mount -t tmpfs tmpfs /run
mkdir -p /run/sshd /root/login /root/dump /var/backups/.ssh
echo 'sshd:x:4001:65534::/run/sshd:/usr/sbin/nologin' >>/etc/passwd
sed -i 's|^backup:.*|backup:x:34:34::/var/backups:/bin/sh|' /etc/passwd
${keygen.join(" ")} -q -t ed25519 -N '' -f /root/host
${keygen.join(" ")} -q -t ed25519 -N '' -f /root/login/ssh-privatekey
echo "[10.20.0.40]:2222 $(cut -d ' ' -f 1,2 /root/host.pub)" >/root/login/known_hosts
echo "restrict,command=\\"/usr/local/sbin/send-backup\\" $(cat /root/login/ssh-privatekey.pub)" >/var/backups/.ssh/authorized_keys
chmod 644 /root/login/*
mkdir -p /var/opt/gitlab/backups /etc/gitlab
echo '{"gitlab_rails":{}}' >/etc/gitlab/gitlab-secrets.json
echo "external_url 'https://git.example.com'" >/etc/gitlab/gitlab.rb
chmod 600 /etc/gitlab/*
echo old >/var/opt/gitlab/backups/1764144000_2026_11_26_18.6.0_gitlab_backup.tar
chown -R backup /var/backups /var/opt/gitlab /etc/gitlab
printf 'Port 2222\\nListenAddress 10.20.0.40\\nHostKey /root/host\\nUsePAM no\\nPidFile none\\nPasswordAuthentication no\\n' >/root/sshd_config
(${sshd.join(" ")} -D -e -r -f /root/sshd_config >/var/log/sshd.log 2>&1 &)
for try in $(seq 600); do grep -q 'Server listening' /var/log/sshd.log && exit; sleep 0.1; done; cat /var/log/sshd.log >&2; exit 1`;
    await machine.mustRun("sh", "-euc", make);
  });
  after(async () => {
    await machine?.stop();
    if (folder !== undefined) rmSync(folder, { recursive: true });
  });

  const backups = "/var/opt/gitlab/backups";
  const sender = script("send-gitlab-backup.sh");

  /** Runs the script of the backup while GitLab's machine answers with a program: without it, with the project's own. */
  async function fetch(
    change: { send?: string; make?: string; login?: string } = {},
  ): Promise<Result> {
    const { send = `exec sh ${sender}`, make = gitlabBackup, login = "/root/login" } = change;
    await machine.mustRun("sh", "-euc", "rm -rf /root/dump; mkdir -p /root/dump");
    for (const [path, body] of [
      ["/usr/local/sbin/send-backup", send],
      ["/usr/local/bin/gitlab-backup", make],
    ] as const) {
      const text = `#!/bin/sh\nset -eu\n${body}\n`;
      await machine.mustRun("sh", "-euc", 'printf %s "$1" >"$0"; chmod 755 "$0"', path, text);
    }
    const variables = {
      PATH: join(folder, "image"),
      GITLAB_HOST: "10.20.0.40",
      GITLAB_PORT: "2222",
      GITLAB_USER: "backup",
      GITLAB_SECRETS: login,
      GITLAB_FOLDER: "/root/dump",
    };
    const words = Object.entries(variables).map((pair) => pair.join("="));
    return machine.run("env", "-i", ...words, "sh", script("gitlab.sh"));
  }

  async function files(folder: string): Promise<string[]> {
    return (await machine.mustRun("ls", folder)).trim().split("\n");
  }

  it("saves the backup, the keys and the configuration, and leaves GitLab's disk unchanged", async () => {
    const { code, output } = await fetch();
    assert.equal(code, 0, output);
    assert.match(
      output,
      /GitLab sent 1764230400_2026_11_27_18\.6\.0_gitlab_backup\.tar: \d+ bytes/,
    );
    const got = ["gitlab-secrets.json", "gitlab.rb", "gitlab_backup.tar", "name"];
    assert.deepEqual(await files("/root/dump"), got);
    assert.deepEqual(await files(backups), ["1764144000_2026_11_26_18.6.0_gitlab_backup.tar"]);
    // As a restore takes it back.
    const restored = await machine.mustRun("tar", "-tf", "/root/dump/gitlab_backup.tar");
    assert.deepEqual(restored.trim().split("\n"), ["backup_information.yml", "db.sql"]);
    assert.equal(
      await machine.mustRun("cat", "/root/dump/name"),
      "1764230400_2026_11_27_18.6.0_gitlab_backup.tar\n",
    );
  });

  it("fails if GitLab's command fails or produces nothing", async () => {
    const failed = await fetch({ make: "echo 'disk is full' >&2; exit 3" });
    assert.equal(failed.code, 3, failed.output);
    assert.match(failed.output, /disk is full[^]*or the backup there failed: nothing is saved/);
    const nothing = await fetch({ make: "echo made" });
    assert.equal(nothing.code, 1, nothing.output);
    assert.match(
      nothing.output,
      /expected one new \*_gitlab_backup\.tar in \/var\/opt\/gitlab\/backups, got none/,
    );
  });

  it("fails if the stream, or an archive in it, is incomplete", async () => {
    const stream = await fetch({ send: `sh ${sender} | head -c 30000` });
    assert.equal(stream.code, 1, stream.output);
    assert.match(stream.output, /cannot be unpacked: nothing is saved/);
    const cut = `${gitlabBackup}\ntruncate -s 30000 1764230400*`;
    const archive = await fetch({ make: cut });
    assert.equal(archive.code, 1, archive.output);
    assert.match(archive.output, /sent no complete \*_gitlab_backup\.tar: nothing is saved/);
  });

  it("fails without the keys, and without a complete backup", async () => {
    const keyless = await fetch({ send: `cd ${backups}; tar -cf - 1764144000*` });
    assert.equal(keyless.code, 1);
    assert.match(keyless.output, /sent no gitlab-secrets\.json: nothing is saved/);
    const empty = await fetch({ send: "cd /etc/gitlab; tar -cf - gitlab-secrets.json" });
    assert.equal(empty.code, 1);
    assert.match(empty.output, /sent no complete \*_gitlab_backup\.tar: nothing is saved/);
  });

  it("runs nothing else with its key", async () => {
    assert.equal((await fetch()).code, 0);
    const { output } = await machine.run(
      "sh",
      "-euc",
      "umask 077; cat /root/login/ssh-privatekey >/root/key; ssh -F /dev/null -i /root/key -p 2222 -o BatchMode=yes -o UserKnownHostsFile=/root/login/known_hosts backup@10.20.0.40 cat /etc/passwd | tar -tf -",
    );
    assert.match(output, /gitlab-secrets\.json/);
    assert.doesNotMatch(output, /root:/);
  });

  it("connects to no machine with another host key", async () => {
    await machine.mustRun(
      "sh",
      "-euc",
      `rm -rf /root/other; cp -r /root/login /root/other; sed -i "s|ssh-ed25519.*|$(cut -d ' ' -f 1,2 /root/login/ssh-privatekey.pub)|" /root/other/known_hosts`,
    );
    const { code, output } = await fetch({ login: "/root/other" });
    assert.equal(code, 255);
    assert.match(output, /Host key verification failed/);
  });
});
