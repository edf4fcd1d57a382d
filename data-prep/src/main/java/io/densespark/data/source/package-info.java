/**
 * Readers of data sets: the binary files of CIFAR-10, CIFAR-100 and STL-10, the IDX files of MNIST and EMNIST, BigDL's
 * SequenceFiles, and the digits in this jar.
 *
 * <p>Used by {@code prepare} and by whoever chooses a source from the command line; training never enters here.
 */
package io.densespark.data.source;
