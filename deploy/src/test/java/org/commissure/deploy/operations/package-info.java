/** What people who run a federation rely on: logs, metrics, dashboards, backups, support bundles. */
@NullMarked
package org.commissure.deploy.operations;

import org.jspecify.annotations.NullMarked;
