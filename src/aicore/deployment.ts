/** A deployment as SAP AI Core lists it, whichever spelling the tenant uses. */
export interface Deployment {
  id: string;
  /** `{AI_API_URL}/v2/inference/deployments/{id}`; empty until it is RUNNING. */
  url: string;
  /** SAP's model name, such as `anthropic--claude-4.6-opus`; undefined for orchestration. */
  model: string | undefined;
  modelVersion: string | undefined;
  /** PENDING RUNNING COMPLETED DEAD STOPPING STOPPED UNKNOWN. */
  status: string;
  /** Executable id (`aws-bedrock`, `azure-openai`, …); derived from the model's name where SAP leaves it out. */
  executable: string;
  scenario: string;
  resourceGroup: string;
  profile: string;
  configurationName: string;
  /** RFC 3339. */
  createdAt: string;
  statusMessage: string;
}
