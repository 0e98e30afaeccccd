/** Programs that render charts and kustomizations. With a new version, all of them must be rendered again. */
export const renderers = { helm: "3.22.0", kustomize: "5.8.2" } as const;
