/** The strictness said no: 4xx in the words of the real service. Never used for injected faults. */
export class Refusal extends Error {
  readonly status: number;

  constructor(message: string, status = 400) {
    super(message);
    this.name = "Refusal";
    this.status = status;
  }
}
