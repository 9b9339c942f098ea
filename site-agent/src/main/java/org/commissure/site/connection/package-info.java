/** The one connection out of the hospital: control stream, uploads and downloads over mutual TLS. */
@NullMarked
package org.commissure.site.connection;

import org.jspecify.annotations.NullMarked;
