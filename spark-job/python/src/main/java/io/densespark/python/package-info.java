/** Packs the Python package {@code densespark} as a wheel. The build enters, by the main class. */
package io.densespark.python;
