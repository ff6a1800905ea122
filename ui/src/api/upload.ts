/** Hands a file in. Not by `fetch`, which does not say how far it is. */
import type { components } from './schema';
import { ApiError, toError, unreachable } from './problem';

export type Uploaded = components['schemas']['Uploaded'];

/** What the server takes at most. */
const MAX_BYTES = 64 * 1024 * 1024;

/** Sends a settlement file; `onProgress` is told how much of it was sent, from 0 to 1. Refusals are thrown as `ApiError`. */
export async function uploadSettlement(pair: string, file: File, onProgress: (part: number) => void): Promise<Uploaded> {
  const refusal = refusalOf(file);
  if (refusal) throw refusal;
  return new Promise((taken, failed) => {
    const request = new XMLHttpRequest();
    request.open('POST', `/api/v1/settlements?${new URLSearchParams({ pair, name: file.name })}`);
    request.setRequestHeader('content-type', 'application/octet-stream');
    request.upload.addEventListener('progress', ({ loaded, total }) => onProgress(total > 0 ? loaded / total : 0));
    request.addEventListener('error', () => failed(unreachable()));
    request.addEventListener('load', () => {
      const body = parsed(request.responseText);
      if (request.status === 200) taken(body as Uploaded);
      else failed(toError(request.status, body));
    });
    request.send(file);
  });
}

/** What need not be sent to be refused. */
export function refusalOf(file: Pick<File, 'size'>): ApiError | null {
  const [title, status] = ['This file was not taken', 0];
  if (file.size === 0) return new ApiError({ status, code: 'empty', title, detail: 'The file is empty.', fix: 'Download the settlement again and hand that file in.' });
  if (file.size <= MAX_BYTES) return null;
  const fix = 'Compress it with gzip, or use `tillbridge settlement post`, which takes files of any size.';
  return new ApiError({ status, code: 'too_large', title, detail: 'The file is larger than 64 MiB.', fix });
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
