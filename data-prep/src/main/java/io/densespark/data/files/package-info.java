/**
 * Files on Hadoop's file systems: why one can't be read, and how to write one so that it is there whole or not at all.
 *
 * <p>Entered by every package of this module, and by others that read or write through Hadoop. Throws only checked
 * exceptions, and knows nothing of data sets.
 */
package io.densespark.data.files;
