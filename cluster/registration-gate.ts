import type * as pulumi from "@pulumi/pulumi";

/**
 * Holds the objects of a stack back until its program has declared all of them without an error. The SDK registers
 * resources while the program still runs, and goes on with those that were declared before an error.
 */
export class RegistrationGate {
  /**
   * What every component depends on; its objects wait for it. Resolved without resources, and never after an error: then
   * the program ends, because nothing keeps it running.
   */
  readonly opened: Promise<pulumi.Resource[]>;

  private resolve: (resources: pulumi.Resource[]) => void = () => undefined;
  private isOpen = false;

  constructor() {
    this.opened = new Promise((resolve) => (this.resolve = resolve));
  }

  /** Lets all objects go. */
  open(): void {
    this.isOpen = true;
    this.resolve([]);
  }

  /** The sentence of an error that says what it has prevented: everything, or only its own object. */
  get unchanged(): string {
    return this.isOpen ? "This object was not changed." : "Nothing was changed.";
  }
}
