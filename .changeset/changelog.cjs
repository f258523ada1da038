'use strict';

/** Writes the summary of a changeset as one line of CHANGELOG.md: no commit hashes, no lines about dependencies. */
module.exports = {
  getReleaseLine: async ({ summary }) => `- ${summary.trim()}`,
  getDependencyReleaseLine: async () => '',
};
