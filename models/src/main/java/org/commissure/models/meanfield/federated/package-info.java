/**
 * The regional model fitted to several hospitals at once: what one patient contributes, what the sums
 * over patients mean, and how fitted parameters fare on patients they have not seen.
 */
@NullMarked
package org.commissure.models.meanfield.federated;

import org.jspecify.annotations.NullMarked;
