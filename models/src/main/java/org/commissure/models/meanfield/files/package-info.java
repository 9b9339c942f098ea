/** Files of the regional model: connectomes, targets, parameters and tables of regions, in the layouts of the published data. */
@NullMarked
package org.commissure.models.meanfield.files;

import org.jspecify.annotations.NullMarked;
