/**
 * Which of the seven cortical networks a parcel belongs to, told from its neighbours: from a model's attention, and from
 * plainer descriptions of a parcel beside it.
 */
@NullMarked
package org.commissure.models.networks;

import org.jspecify.annotations.NullMarked;
