export const team = {
  tenancy: {
    teams: { content: {}, commerce: { podSecurity: { level: "privileged", reason: "logs" } } },
  },
};

export const app = {
  team: "commerce",
  domain: "shop.platform.test",
  image: "harbor.platform.test/shop/shop",
};

export const rules = { forcedCanary: false, checkRequired: false };
