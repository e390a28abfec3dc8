using BillingPortal.Faults;

// usage: dotnet run -c Release --project BillingPortal.Faults -- [options]
//   --seed n          the same seed plans the same operations and faults; without one a new one is drawn and printed
//   --minutes 2       how long operations and faults go on
//   --only a,b        only these kinds of fault; none: no fault at all
//   --portals 1       portals on one database, 1 or 2
//   --keep            keeps data folder and logs
// Exit code: 0 no violation, 1 violations, 2 a wrong option.
FaultOptions options;
try
{
    options = FaultOptions.Parse(args);
}
catch (ArgumentException wrong)
{
    await Console.Error.WriteLineAsync(wrong.Message);
    return 2;
}

return await new FaultRun(options).RunAsync() ? 0 : 1;
