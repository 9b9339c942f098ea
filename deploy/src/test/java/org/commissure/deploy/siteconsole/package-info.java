/** The site's console with real processes and a real browser. */
@org.jspecify.annotations.NullMarked
package org.commissure.deploy.siteconsole;
