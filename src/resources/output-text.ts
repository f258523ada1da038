import type { Response as ModelResponse } from 'openai/resources/responses/responses';

/** Adds `output_text` as `openai` does: the joined text of all messages in the output. */
export function addOutputText(response: ModelResponse): ModelResponse {
  // The server can send any value. A response without output has no text.
  if (
    typeof response === 'object' &&
    response !== null &&
    response.object === 'response' &&
    !Object.hasOwn(response, 'output_text')
  ) {
    response.output_text = outputText(response);
  }
  return response;
}

function outputText({ output }: ModelResponse): string {
  if (!Array.isArray(output)) {
    return '';
  }
  return output
    .flatMap((item) => (item?.type === 'message' && Array.isArray(item.content) ? item.content : []))
    .map((part) => (part?.type === 'output_text' ? part.text : ''))
    .join('');
}
