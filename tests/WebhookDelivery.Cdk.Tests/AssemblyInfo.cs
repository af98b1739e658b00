using System.Runtime.Versioning;

// Scripts are for bash.
[assembly: UnsupportedOSPlatform("windows")]

// CDK lives in one Node process for all, which serves one caller at a time.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
