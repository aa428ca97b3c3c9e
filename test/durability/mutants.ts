/** A change to the code that breaks the protocol, and that the searches must find. */
export interface Mutant {
  readonly name: string;
  /**
   * What finds it at once, as `--only` takes it: a search, or the beginning of its schedules' names. Others may find it too, but only
   * after much else.
   * @default - all searches, one after the other
   */
  readonly foundBy?: string;
  readonly edits: readonly Edit[];
}

/** A piece of a file that is there exactly once, and what stands in its place. */
export interface Edit {
  readonly file: string;
  readonly from: string;
  readonly to: string;
}

const RUNTIME = 'src/runtime';

/** The rules of docs/protocol.md, each broken in turn. */
export const MUTANTS: readonly Mutant[] = [
  {
    name: '412 is taken as won',
    edits: [{
      file: `${RUNTIME}/log/write-once.ts`,
      from: "if (await store.writeIf(key, body, 'absent') === 'done') return body;",
      to: "if (['done', 'refused'].includes(await store.writeIf(key, body, 'absent'))) return body;",
    }],
  },
  {
    name: 'an uncertain PUT is taken as won',
    foundBy: 'crash matrix',
    edits: [{
      file: `${RUNTIME}/log/write-once.ts`,
      from: "if (await store.writeIf(key, body, 'absent') === 'done') return body;",
      to: "if (['done', 'unknown'].includes(await store.writeIf(key, body, 'absent'))) return body;",
    }],
  },
  {
    name: 'the own chunk is deleted on doubt',
    foundBy: 'crash matrix',
    edits: [{
      file: `${RUNTIME}/fetch/chunk-writer.ts`,
      from: 'const won = await this.log.append(this.draft(chunk, references));',
      to: `const won = await this.log.append(this.draft(chunk, references)).catch(async (error: unknown) => {
        await this.store.delete(Object.values(references).flatMap((reference) => reference?.key ?? []));
        throw error;
      });`,
    }],
  },
  {
    name: 'the record comes before the chunk',
    edits: [
      {
        file: `${RUNTIME}/fetch/chunk-writer.ts`,
        from: 'const references = await eachStream((name) => this.upload(chunk.streams[name], index));',
        to: 'const references = perStream((name) => this.announced(chunk.streams[name], index));',
      },
      {
        file: `${RUNTIME}/fetch/chunk-writer.ts`,
        from: 'this.displaced = !won;',
        to: `await eachStream(async (name) => {
        const { pieces, crc32 } = chunk.streams[name];
        if (references[name] !== null) await this.store.write(references[name].key, pieces, crc32);
      });
      this.displaced = !won;`,
      },
      {
        file: `${RUNTIME}/fetch/chunk-writer.ts`,
        from: '  /** Puts the chunk under a key of its own',
        to: `  private announced(chunk: BuiltStream, index: number): ChunkReference | null {
    if (chunk.bytes === 0) return null;
    const key = this.keys.chunk(index, this.world.chance.uuid(), this.extension);
    const etag = \`"\${require('node:crypto').createHash('md5').update(Buffer.concat(chunk.pieces)).digest('hex')}"\`;
    return { key, etag, crc32: chunk.crc32, bytes: chunk.bytes, records: chunk.records };
  }

  /** Puts the chunk under a key of its own`,
      },
    ],
  },
  {
    name: 'the key of a chunk is not unique to its upload',
    edits: [{
      file: `${RUNTIME}/fetch/chunk-writer.ts`,
      from: 'const key = this.keys.chunk(index, this.world.chance.uuid(), this.extension);',
      to: "const key = this.keys.chunk(index, 'chunk', this.extension);",
    }],
  },
  {
    name: 'a loser goes on with its own chain',
    foundBy: 'second executions',
    edits: [
      {
        file: `${RUNTIME}/log/commit-log.ts`,
        from: 'this.adopt(settled);\n    if (settled.writerId === record.writerId) return true;',
        to: 'this.adopt(record);\n    if (settled.writerId !== undefined) return true;',
      },
    ],
  },
  {
    name: '`continue` comes from memory',
    foundBy: 'page faults',
    edits: [
      {
        file: `${RUNTIME}/fetch/page-loop.ts`,
        from: 'await writer.drain();\n',
        to: 'await writer.drain().catch(() => undefined);\n    if (run.hasEnded) (tools.log as any).ended = true;\n',
      },
      {
        file: `${RUNTIME}/fetch/page-run.ts`,
        from: '  public async untilPause(): Promise<Pause> {',
        to: '  public get hasEnded(): boolean {\n    return this.position === null;\n  }\n\n  public async untilPause(): Promise<Pause> {',
      },
      {
        file: `${RUNTIME}/fetch/loop-state.ts`,
        from: 'continue: !log.isFinal,',
        to: 'continue: !(log.isFinal || (log as any).ended),',
      },
    ],
  },
  {
    name: 'no final record is required',
    edits: [{ file: `${RUNTIME}/log/whole-log.ts`, from: 'if (!last.final) throw', to: 'if (last.index < 0) throw' }],
  },
  {
    name: 'CleanUp deletes records',
    edits: [{
      file: `${RUNTIME}/steps/clean-up.ts`,
      from: 'for await (const key of cache.list(keys.all, keys.data)) {\n    if (!key.startsWith(keys.data)',
      to: 'for await (const key of cache.list(keys.all)) {\n    if (!key.startsWith(keys.commits) && !key.startsWith(keys.data)',
    }],
  },
  {
    name: 'there is no published marker',
    edits: [
      { file: `${RUNTIME}/publish/persist.ts`, from: 'await writeOnce(cache, keys.published, encodeFile(marker), world);', to: 'void [cache, marker, world];' },
      {
        file: `${RUNTIME}/steps/clean-up.ts`,
        from: 'if (result === undefined) throw',
        to: 'if (request.importId === undefined) throw',
      },
    ],
  },
  {
    name: 'Complete has no condition',
    edits: [{
      file: `${RUNTIME}/publish/publish-object.ts`,
      from: "case 'complete': return this.settle(upload, await this.complete(upload, assembled.parts, condition));",
      to: `case 'complete': {
        const now = await this.publication.destination.inspect(this.publication.file.destination.key);
        const whatever = now === undefined ? 'absent' as const : { etag: now.etag };
        return this.settle(upload, await this.complete(upload, assembled.parts, whatever));
      }`,
    }],
  },
  {
    name: 'what is put at once has no condition',
    foundBy: 'smaller than a part: an import',
    edits: [{
      file: `${RUNTIME}/publish/publish-object.ts`,
      from: '    const outcome = await destination.writeIf(file.destination.key, joined(pieces), condition, recordProperties(file));',
      to: `    const now = await destination.inspect(file.destination.key);
    const whatever = now === undefined ? 'absent' as const : { etag: now.etag };
    void condition;
    const outcome = await destination.writeIf(file.destination.key, joined(pieces), whatever, recordProperties(file));`,
    }],
  },
  {
    name: 'nothing stands between a finished log and its readers',
    foundBy: 'nothing to publish: call',
    edits: [{ file: `${RUNTIME}/publish/publish-object.ts`, from: "passGate(this.publication, this.options) === 'skip'", to: 'passGate(this.publication, this.options) === null as unknown' }],
  },
  {
    name: 'a put at once without an answer is taken as done',
    foundBy: 'smaller than a part: call',
    edits: [{
      file: `${RUNTIME}/publish/publish-object.ts`,
      from: "return outcome === 'done' ? this.end(Outcome.PUBLISHED) : unsettledBy(outcome);",
      to: "return outcome === 'done' || outcome === 'unknown' ? this.end(Outcome.PUBLISHED) : unsettledBy(outcome);",
    }],
  },
  {
    name: 'the id comes from the name',
    edits: [{
      file: `${RUNTIME}/steps/initialize.ts`,
      from: 'importId: tools.world.chance.uuid(),',
      to: "importId: `00000000-0000-4000-8000-${executionArn.split(':').at(-1)!.padStart(12, '0')}`,",
    }],
  },
  {
    name: 'what was fetched is not committed when a page fails',
    foundBy: 'page faults',
    edits: [{ file: `${RUNTIME}/fetch/page-loop.ts`, from: 'await run.commitRest();', to: "if ('pause' in ending) await run.commitRest();" }],
  },
  {
    name: 'a handler that has crashed is asked again in the same process',
    foundBy: 'page faults',
    edits: [{ file: `${RUNTIME}/fetch/page-fetcher.ts`, from: '      if (error instanceof BrokenProcess) throw this.failures.noteBroken(error, page, attempts);\n', to: '' }],
  },
  {
    name: 'an attempt fails by a page that another has committed',
    foundBy: 'second executions',
    edits: [{
      file: `${RUNTIME}/fetch/page-loop.ts`,
      from: 'return log.refresh().catch(() => false);',
      to: 'return false;',
    }],
  },
  {
    name: 'attempts at a page start again in each round',
    foundBy: 'tokens, several rounds: page 3 throws for good',
    edits: [{ file: `${RUNTIME}/fetch/page-run.ts`, from: 'isNextPage ? 0 : tools.failedAttempts', to: '0' }],
  },
  {
    name: 'an attempt that had the whole invocation and no answer is not counted',
    foundBy: 'tokens: page 1 hangs for good',
    edits: [{ file: `${RUNTIME}/fetch/attempt-failures.ts`, from: '    attempts.noteFailure();\n    const reason', to: '    const reason' }],
  },
  {
    name: 'the loser of an upload slot goes on with its own upload',
    edits: [
      {
        file: `${RUNTIME}/publish/upload-slot.ts`,
        from: 'return { key, uploadId: settled.uploadId, number, isNew: settled.uploadId === uploadId };',
        to: 'return { key, uploadId, number, isNew: true };',
      },
      { file: `${RUNTIME}/publish/upload-slot.ts`, from: 'if (settled.uploadId !== uploadId) await', to: "if (settled.uploadId === '') await" },
    ],
  },
  {
    name: 'a lost upload is tried for ever',
    edits: [{ file: `${RUNTIME}/publish/publish-object.ts`, from: 'this.lostUploads = upload.number;', to: 'void upload;' }],
  },
  {
    name: 'uploads are never ended',
    edits: [{ file: `${RUNTIME}/publish/persist.ts`, from: 'await together(description, endUploads(publication));', to: 'await description;' }],
  },
  {
    name: 'the manifest comes before the object',
    edits: [{
      file: `${RUNTIME}/publish/persist.ts`,
      from: '  const { kind, parts } = await publishRecords(',
      to: '  await publishManifest(publication);\n  const { kind, parts } = await publishRecords(',
    }],
  },
  {
    name: 'the manifest of parts comes before them',
    foundBy: 'parts: an import',
    edits: [{
      file: `${RUNTIME}/publish/publish-parts.ts`,
      from: '  const copies = new PartCopies(',
      to: "  await (await import('./publish-manifest')).publishManifest(publication);\n  const copies = new PartCopies(",
    }],
  },
  {
    name: 'the marker comes before the manifest',
    edits: [{
      file: `${RUNTIME}/publish/persist.ts`,
      from: '  const description = ',
      to: '  if (kind === Outcome.PUBLISHED) await leaveMarker(publication, kind);\n  const description = ',
    }],
  },
  {
    name: 'the pointer comes before the manifest',
    foundBy: 'a pointer: an import',
    edits: [{
      file: `${RUNTIME}/publish/persist.ts`,
      from: "  if (await publishManifest(publication) === 'ours') await publishLatest(publication);\n",
      to: "  await publishLatest(publication);\n  if (await publishManifest(publication) === 'ours') void publication;\n",
    }],
  },
  {
    name: 'the pointer is not fenced',
    foundBy: 'a pointer: an import',
    edits: [{
      file: `${RUNTIME}/publish/publish-latest.ts`,
      from: 'await publishFile(latestKey, latestPointerOf(publication), publication);',
      to: `{
    const there = await publication.destination.inspect(latestKey);
    const body = Buffer.from(JSON.stringify(latestPointerOf(publication)));
    const metadata = { 'import-id': publication.file.importId, 'import-start-time': publication.file.startTime };
    await publication.destination.writeIf(latestKey, body, there === undefined ? 'absent' : { etag: there.etag }, { metadata });
  }`,
    }],
  },
  {
    name: 'a pointer whose writing came to nothing is not written again',
    foundBy: 'parts: an import that started before',
    edits: [{
      file: `${RUNTIME}/publish/publish-file.ts`,
      from: "return outcome === 'done' ? 'ours' : unsettledBy(outcome);",
      to: "return outcome === 'done' || key === file.output.latestKey ? 'ours' : unsettledBy(outcome);",
    }],
  },
  {
    name: 'a late attempt takes a chunk that is gone for damage',
    foundBy: 'gathered parts: a second execution',
    edits: [{
      file: `${RUNTIME}/log/import-access.ts`,
      from: 'if (await readResult(cache, keys) === undefined) throw new CommitLogError',
      to: 'if (await readResult(cache, keys) !== null) throw new CommitLogError',
    }],
  },
  {
    name: 'uploads of folds are never ended',
    foundBy: 'folds: a Persist',
    edits: [{ file: `${RUNTIME}/publish/fold.ts`, from: "if (outcome !== 'done') await cache.abortUpload(upload);", to: '' }],
  },
  {
    name: 'the name of a fold does not say which chunks it holds',
    foundBy: 'safety',
    edits: [{ file: `${RUNTIME}/publish/fold.ts`, from: 'keys.fold(fold.first, fold.last)', to: 'keys.fold(0, 0)' }],
  },
  {
    name: 'a fold that another attempt has made is an error',
    foundBy: 'folds: a Persist',
    edits: [{ file: `${RUNTIME}/publish/fold.ts`, from: "case 'corrupt': throw", to: "case 'corrupt': case 'refused': throw" }],
  },
  {
    name: 'CleanUp leaves chunks',
    edits: [{ file: `${RUNTIME}/steps/clean-up.ts`, from: '  await cache.delete(batch);\n}\n', to: '}\n' }],
  },
  {
    name: 'a failure that shows wrong pages does not close the log',
    foundBy: 'wrong sources',
    edits: [{ file: `${RUNTIME}/fetch/page-loop.ts`, from: 'return !await log.close(writerId, failure);', to: 'return log.refresh().catch(() => false);' }],
  },
  {
    name: 'an attempt that has lost the slot of its closing record fails all the same',
    foundBy: 'an execution with another handler',
    edits: [{ file: `${RUNTIME}/fetch/page-loop.ts`, from: 'return !await log.close(writerId, failure);', to: 'await log.close(writerId, failure);\n    return false;' }],
  },
  {
    name: 'Fetch goes on after a log was closed',
    foundBy: 'wrong sources',
    edits: [{ file: `${RUNTIME}/fetch/page-loop.ts`, from: '    requireOpen(tools);\n', to: '' }],
  },
  {
    name: 'Fetch goes on after a log was closed for good, if short pages open others',
    foundBy: 'an execution with another handler',
    edits: [
      { file: `${RUNTIME}/fetch/page-loop.ts`, from: 'if (failure.unless === FailureUnless.SHORT_PAGES_ALLOWED && shortPages', to: 'if (failure.unless === undefined || shortPages' },
      { file: `${RUNTIME}/log/log-chain.ts`, from: 'previous.failure === undefined || previous.failure.unless !== undefined', to: 'previous.index >= 0' },
    ],
  },
  {
    name: 'what the count guard knows is lost with each attempt',
    foundBy: 'wrong sources',
    edits: [{ file: `${RUNTIME}/log/commit-log.ts`, from: 'return this.last?.countGuard ?? NEW_COUNT_GUARD;', to: 'return NEW_COUNT_GUARD;' }],
  },
  {
    name: 'a short page is forgotten when the page after it is empty',
    foundBy: 'wrong sources',
    edits: [
      { file: `${RUNTIME}/fetch/count-guard.ts`, from: 'if (shortPage === undefined || shortPages', to: 'if (shortPage === undefined || shortPage.page !== page.pageNumber - 2 || shortPages' },
      // The question at the end would notice it, too.
      { file: `${RUNTIME}/fetch/import-end.ts`, from: 'if (answer.streams.records.length > 0 && guard.shortPage !== undefined)', to: 'if (guard.shortPage !== undefined)' },
    ],
  },
  {
    name: 'an import of one short page ends without a question',
    foundBy: 'at most 2 records of 3, and none',
    edits: [{ file: `${RUNTIME}/fetch/import-end.ts`, from: '  if (short !== undefined) {', to: '  if (short !== undefined && short.page < 0) {' }],
  },
  {
    name: 'a question without an answer is a gap',
    foundBy: 'one short page: the question',
    edits: [{ file: `${RUNTIME}/fetch/end-check.ts`, from: "if (behind === undefined) return 'unconfirmed';", to: "if (behind === undefined) return 'gap';" }],
  },
  {
    name: 'what came with a question is taken as a page',
    foundBy: 'at most 2 records of 3, and none',
    edits: [{ file: `${RUNTIME}/fetch/end-check.ts`, from: "return isSamePage ? 'unconfirmed' : 'gap';", to: "return 'confirmed';" }],
  },
  {
    name: 'an empty array ends an import without a question',
    foundBy: 'a page that is filtered away',
    edits: [{ file: `${RUNTIME}/fetch/import-end.ts`, from: '  if (isEmptyArray(last)) await requireNothingBehind(page, peek);\n', to: '' }],
  },
  {
    name: 'a full last page without a token is not told',
    foundBy: 'folds: call',
    edits: [{ file: `${RUNTIME}/fetch/import-end.ts`, from: '...fullLastPage(last), ', to: '' }],
  },
  {
    name: 'the warnings of the last page are lost with the attempt that has seen it',
    foundBy: 'folds: call',
    edits: [{ file: `${RUNTIME}/fetch/open-chunk.ts`, from: 'this.warnings = [...this.warnings, ...warnings];', to: 'this.warnings = warnings.length > 0 ? [] : this.warnings;' }],
  },
  {
    name: 'empty pages are counted anew by each attempt',
    foundBy: 'empty pages for ever',
    edits: [{
      file: `${RUNTIME}/log/commit-log.ts`,
      from: 'return this.last?.countGuard ?? NEW_COUNT_GUARD;',
      to: 'return { ...this.last?.countGuard ?? NEW_COUNT_GUARD, emptyPages: 0 };',
    }],
  },
  {
    name: 'an attempt forgets what records have shown of the columns',
    foundBy: 'a CSV: call',
    edits: [{
      file: `${RUNTIME}/fetch/page-run.ts`,
      from: 'this.reports = log.reports;',
      to: 'this.reports = {};',
    }],
  },
  {
    name: 'an attempt adds a warning that is not in the log',
    foundBy: 'one short page: call',
    edits: [{
      file: `${RUNTIME}/publish/import-result.ts`,
      from: 'warnings: warningsOf(log),',
      to: "warnings: [...warningsOf(log), { code: 'total-mismatch', message: 'Seen by this attempt.' }],",
    }],
  },
  {
    name: 'a record may name any object as its chunk',
    foundBy: 'tampering',
    edits: [{
      file: `${RUNTIME}/log/log-chain.ts`,
      from: 'chunk === null || keys.isChunk(chunk.key, record.index)',
      to: 'chunk === null || keys.isChunk(chunk.key, record.index) || true',
    }],
  },
  {
    name: 'the import file says where to publish',
    foundBy: 'tampering',
    edits: [{ file: `${RUNTIME}/log/configured-destination.ts`, from: 'if (kept[field] !== configured[field])', to: "if (field === 'latestKey' && kept[field] !== configured[field])" }],
  },
  {
    name: 'the pointer may be anywhere',
    foundBy: 'tampering',
    edits: [{ file: `${RUNTIME}/log/configured-destination.ts`, from: "['bucket', 'key', 'manifestKey', 'latestKey'] as const", to: "['bucket', 'key', 'manifestKey'] as const" }],
  },
  {
    name: 'an import of any series is continued',
    foundBy: 'tampering',
    edits: [{ file: `${RUNTIME}/log/import-access.ts`, from: 'file.series !== own.name || file.owner', to: 'file.owner' }],
  },
  {
    name: 'an import of any owner is continued',
    foundBy: 'tampering',
    edits: [{ file: `${RUNTIME}/log/import-access.ts`, from: 'file.series !== own.name || file.owner !== own.owner', to: 'file.series !== own.name' }],
  },
  {
    name: 'a marker of another import ends the import',
    foundBy: 'tampering',
    edits: [{ file: `${RUNTIME}/log/import-access.ts`, from: 'if (file.importId !== importId) throw', to: "if (file.importId !== importId && key.endsWith('import.json')) throw" }],
  },
  {
    name: 'an upload of another import is completed',
    foundBy: 'tampering',
    edits: [{ file: `${RUNTIME}/publish/upload-slot.ts`, from: '  requireImport(key, record, keys.importId);\n', to: '' }],
  },
  {
    name: 'an object from the future is newer than any import',
    foundBy: 'tampering',
    edits: [{ file: `${RUNTIME}/publish/published-object.ts`, from: 'if (startTime !== undefined && Date.parse(startTime) > world', to: 'if (startTime === null && Date.parse(startTime) > world' }],
  },
];
