/** The units for systemd. */
@org.jspecify.annotations.NullMarked
package org.commissure.deploy.systemd;
