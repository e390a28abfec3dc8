using System.Data.Common;
using BillingPortal.Data;
using BillingPortal.Jobs.Monitor;
using Quartz;

namespace BillingPortal.Jobs;

/// <summary>
/// Registers the schedule: Quartz is only the clock, clustered in PostgreSQL, so that one process fires.
/// </summary>
public static class JobsRegistration
{
    private const string PoolName = "portal_jobs";

    public static IServiceCollection AddJobs(
        this IServiceCollection services, ConnectionStrings connections, IReadOnlyList<ScheduledJob> jobs)
    {
        services.AddSingleton(jobs);
        services.AddSingleton<JobRunner>();
        services.AddSingleton<JobBacklogs>();
        services.AddSingleton<JobMonitor>();
        services.AddSingleton<JobStarter>();
        // A name for the metrics: without one a pool goes by its connection string.
        services.AddKeyedSingleton<DbDataSource>(PoolName, (_, _) => ConnectionStrings.Source(connections.Ops, PoolName));
        services.AddQuartz(quartz =>
        {
            quartz.ConfigureScheduler(scheduler =>
            {
                scheduler.InstanceName = "billing";
                scheduler.GenerateInstanceId = true;
                scheduler.ShutdownJobInterruption = ShutdownJobInterruption.Always;
            });
            quartz.UsePersistentStore(store =>
            {
                store.ConfigureStore(options =>
                {
                    options.TablePrefix = "jobs.qrtz_";
                    options.RecoverFiringsCancelledByShutdown = true;
                });
                store.UsePostgres(source => source.DataSourceServiceKey = PoolName);
                store.UseSystemTextJsonSerializer();
                store.UseClustering();
            });
            foreach (var job in jobs)
            {
                AddJob(quartz, job);
            }
        });
        services.AddQuartzHostedService(options => options.WaitForJobsToComplete = true);
        return services;
    }

    // A time that was missed is not made up for: every job is a sweep and finds all that is due. A run that its process did not
    // end is: another process begins it again, or this one after its restart.
    private static void AddJob(IQuartzBuilder quartz, ScheduledJob job)
    {
        quartz.AddJob<ClockedJob>(detail => detail.WithIdentity(job.Name).StoreDurably().RequestRecovery());
        quartz.AddTrigger<ClockedJob>(trigger => trigger.WithIdentity(job.Name).ForJob(job.Name)
            .WithCronSchedule(job.Cron, cron => cron.InTimeZone(TimeZoneInfo.Utc)
                .WithMisfireInstruction(CronTriggerMisfireInstruction.DoNothing)));
    }
}
