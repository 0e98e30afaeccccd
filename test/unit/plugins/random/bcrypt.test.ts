import assert from "node:assert/strict";
import { bcrypt } from "../../../../local/plugins/resource-random/bcrypt";

/** Salts as bytes, and hashes from libxcrypt (`crypt(3)`). */
const HASHES = [
  {
    password: "U*U",
    salt: "10410410410410410410410410410410",
    cost: 5,
    hash: "$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW",
  },
  {
    password: "",
    salt: "000102030405060708090a0b0c0d0e0f",
    cost: 4,
    hash: "$2a$04$..CA.uOD/eaGAOmJB.yMBuq1wbVgYezarXi1FgOYk1qMNtxVndjJm",
  },
  {
    password: "pässwört ✓",
    salt: "f0f1f2f3f4f5f6f7f8f9fafbfcfdfeff",
    cost: 6,
    hash: "$2a$06$6NFw69Rz7td28dp59N189uaRRsZNpXrxdlb19Xmi4kHt3oUQfhoT.",
  },
  {
    password: "x".repeat(100),
    salt: "55555555555555555555555555555555",
    cost: 10,
    hash: "$2a$10$TTTTTTTTTTTTTTTTTTTTTO4M2DgM3vzFWckOSHX9/C47ypq74heea",
  },
];

describe("bcrypt", () => {
  for (const { password, salt, cost, hash } of HASHES) {
    it(`hashes ${JSON.stringify(password.slice(0, 12))} at cost ${cost} like crypt(3)`, () => {
      assert.equal(bcrypt(password, Buffer.from(salt, "hex"), cost), hash);
    });
  }

  it("reads no more than 72 bytes", () => {
    const salt = Buffer.alloc(16, 7);
    const long = "ü".repeat(36);
    assert.equal(bcrypt(`${long}a`, salt, 4), bcrypt(`${long}b`, salt, 4));
    assert.notEqual(bcrypt("a", salt, 4), bcrypt("b", salt, 4));
  });

  it("takes a new salt each time", () => {
    assert.match(bcrypt("x"), /^\$2a\$10\$[./A-Za-z0-9]{53}$/);
    assert.notEqual(bcrypt("x"), bcrypt("x"));
  });
});
