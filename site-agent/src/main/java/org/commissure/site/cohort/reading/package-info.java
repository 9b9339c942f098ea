/**
 * Parcel time series as hospitals hold them: one reader for each format, chosen by the file's name. Every reader
 * bounds what a file's header can make it allocate, and says what is wrong without a value of the file.
 */
@NullMarked
package org.commissure.site.cohort.reading;

import org.jspecify.annotations.NullMarked;
