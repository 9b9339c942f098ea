/** Chromium for the tests of the consoles. */
@org.jspecify.annotations.NullMarked
package org.commissure.deploy.browser;
