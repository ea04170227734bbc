/** The simulated SAP AI Core of a run: a token, the deployments, and their models. */
import { claudeAnswer, claudeStream, gptStream } from "./answers.ts";
import { CPU, type Started, start } from "./children.ts";
import { type Deployment, deploymentsPage, pathOf } from "./deployments.ts";

export interface Upstream {
  port: number;
  /** A service key for it, as JSON. */
  serviceKey: string;
}

/** @param program the compiled player of answers; see `native/upstream.c` */
export async function startUpstream(program: string, deployments: readonly Deployment[]): Promise<Upstream> {
  const started = await start([program], { cpu: CPU.load });
  const port = Number(started.firstLine);
  const url = `http://127.0.0.1:${port}`;
  await tell(started, answersOf(deployments, url));
  return { port, serviceKey: serviceKeyFor(url) };
}

function answersOf(deployments: readonly Deployment[], url: string): string {
  const token = JSON.stringify({ access_token: "bench-token", token_type: "bearer", expires_in: 43_199 });
  return [
    whole("/oauth/token", token),
    whole("/v2/lm/deployments", deploymentsPage(deployments, url)),
    ...deployments.map(answersOfModel),
  ].join("");
}

function answersOfModel(deployment: Deployment): string {
  if (deployment.dialect === "gpt") return stream(deployment, "/chat/completions", gptStream());
  return (
    whole(pathOf(deployment, "/invoke"), claudeAnswer()) +
    stream(deployment, "/invoke-with-response-stream", claudeStream())
  );
}

function whole(path: string, body: string): string {
  const length = Buffer.byteLength(body);
  const answer = `HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: ${length}\r\n\r\n${body}`;
  return `whole ${path} ${Buffer.byteLength(answer)}\n${answer}`;
}

function stream(deployment: Deployment, call: string, text: ReturnType<typeof claudeStream>): string {
  const head = "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n";
  const parts = [head + chunk(text.opening), chunk(text.event), `${chunk(text.closing)}0\r\n\r\n`];
  const sizes = parts.map((part) => Buffer.byteLength(part)).join(" ");
  const { events, gap } = deployment;
  return `stream ${pathOf(deployment, call)} ${events} ${gap} ${sizes}\n${parts.join("")}`;
}

function chunk(text: string): string {
  return `${Buffer.byteLength(text).toString(16)}\r\n${text}\r\n`;
}

function tell({ process: { stdin } }: Started, text: string): Promise<void> {
  return new Promise((resolve) => (stdin ? stdin.end(text, resolve) : resolve()));
}

function serviceKeyFor(url: string): string {
  return JSON.stringify({
    clientid: "sb-bench!b1|aicore!b1",
    clientsecret: "bench",
    url,
    serviceurls: { AI_API_URL: url },
  });
}
