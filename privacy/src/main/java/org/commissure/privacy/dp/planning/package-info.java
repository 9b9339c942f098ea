/** Which training fits a privacy budget, before anybody trains: mode, noise, sampling rate and steps. */
@NullMarked
package org.commissure.privacy.dp.planning;

import org.jspecify.annotations.NullMarked;
