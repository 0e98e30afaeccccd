/** A stack's config with a number of apps, spread over ten teams, each app with a canary. */
export function stackOf(apps: number): Record<string, unknown> {
  const teams = Array.from({ length: Math.min(10, apps) }, (_, team) => `team-${team}`);
  const quota = { cpu: "5000", memory: "10000Gi", pods: 10_000 };
  return {
    "platform:environment": "dev",
    "platform:domain": "platform.test",
    "platform:releases": { forcedCanary: false, soak: "0s", checkRequired: false },
    "platform:components": {
      tenancy: { teams: Object.fromEntries(teams.map((team) => [team, { quota }])) },
    },
    "platform:apps": Object.fromEntries(
      Array.from({ length: apps }, (_, index) => [
        `app-${index}`,
        {
          team: teams[index % teams.length],
          domain: `app-${index}.platform.test`,
          image: `harbor.platform.test/app-${index}.platform.test/app`,
          configFiles: { "/etc/app/app.yaml": `number: ${index}\n` },
          stable: { version: "1.4.2" },
          canary: { version: "1.5.0", weight: 10 },
        },
      ]),
    ),
  };
}
