using BillingPortal.Audit;
using BillingPortal.Data;
using BillingPortal.Tenants;
using Microsoft.EntityFrameworkCore;

namespace BillingPortal.Support;

/// <summary>One of the staff as the database knows them now: a session may be a minute behind.</summary>
public sealed record StaffPerson(Guid Id, string Name, StaffRole Role)
{
    public string Title => $"{Name} ({Role.ToText().ToLowerInvariant()})";

    public Actor Actor => new(ActorKind.Staff, Id, Title);

    /// <summary>Null for everybody who is not of the staff.</summary>
    public static Task<StaffPerson?> FindAsync(UnitOfWork unit, Guid userId, CancellationToken cancellationToken) =>
        (from staff in unit.Db.Set<StaffMember>()
         join user in unit.Db.Set<User>() on staff.UserId equals user.Id
         where staff.UserId == userId
         select new StaffPerson(user.Id, user.Name, staff.Role)).SingleOrDefaultAsync(cancellationToken);
}
