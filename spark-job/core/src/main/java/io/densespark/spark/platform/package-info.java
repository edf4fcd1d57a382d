/**
 * What libtorch needs of the machine, before it is loaded: {@link io.densespark.spark.platform.PlatformCheck} says
 * whether it will load at all, {@link io.densespark.spark.platform.NativeCache} where it unpacks itself on an executor.
 *
 * <p>The trainer and the command line enter here. Nothing here touches libtorch or JavaCPP: a class of theirs, once
 * loaded, would have made its choice.
 */
package io.densespark.spark.platform;
