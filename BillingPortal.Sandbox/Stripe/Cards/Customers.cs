using System.Text.Json.Nodes;
using BillingPortal.Sandbox.Stripe.Api;
using BillingPortal.Sandbox.Stripe.Objects;

namespace BillingPortal.Sandbox.Stripe.Cards;

/// <summary><c>/v1/customers</c>.</summary>
internal static class Customers
{
    private const string Parameters = "email name description phone metadata invoice_settings";

    public static void MapCustomers(this StripeRoutes routes)
    {
        routes.Post("/customers", Parameters, Create);
        routes.Get("/customers", $"email created {StripeRoutes.Paging}", List);
        routes.Get("/customers/{id}", "", call => View(call.Find<Customer>("customer")));
        routes.Post("/customers/{id}", Parameters, Update);
        routes.Delete("/customers/{id}", Delete);
    }

    /// <summary>A customer that is still there; 400 when the parameter names none.</summary>
    public static Customer Living(StripeCall call, string id)
    {
        var customer = call.Find<Customer>("customer", id, "customer");
        return customer.IsDeleted ? throw StripeError.NoSuch("customer", id, "customer") : customer;
    }

    private static JsonObject Create(StripeCall call)
    {
        if (call.Form.Sub("invoice_settings")?.Filled("default_payment_method") is not null)
        {
            throw NotAttached();
        }

        var customer = call.Change.Put(Apply(call, new Customer { Id = StripeIds.New("cus"), Created = call.Created }));
        call.Emit("customer.created", customer);
        return StripeView.Of(customer);
    }

    private static JsonObject Update(StripeCall call)
    {
        var before = call.Find<Customer>("customer");
        if (before.IsDeleted)
        {
            throw StripeError.NoSuch("customer", before.Id);
        }

        var after = call.Change.Put(Apply(call, before));
        call.Emit("customer.updated", after, Changes.Between(before, after));
        return StripeView.Of(after);
    }

    private static Customer Apply(StripeCall call, Customer customer) => customer with
    {
        Email = Changed(call.Form, "email", customer.Email),
        Name = Changed(call.Form, "name", customer.Name),
        Description = Changed(call.Form, "description", customer.Description),
        Phone = Changed(call.Form, "phone", customer.Phone),
        Metadata = Metadata.Merge(call.Form, customer.Metadata),
        InvoiceSettings = DefaultCard(call, customer),
    };

    private static InvoiceSettings DefaultCard(StripeCall call, Customer customer)
    {
        if (call.Form.Sub("invoice_settings")?.Text("default_payment_method") is not { } id)
        {
            return customer.InvoiceSettings;
        }

        if (id.Length == 0)
        {
            return new InvoiceSettings();
        }

        var method = call.Find<PaymentMethod>("PaymentMethod", id, "invoice_settings[default_payment_method]");
        return method.Customer == customer.Id
            ? new InvoiceSettings { DefaultPaymentMethod = id }
            : throw NotAttached();
    }

    private static JsonObject List(StripeCall call)
    {
        var created = TimeFilter.Of(call.Form, "created");
        return StripeView.Page<Customer>(call, "/v1/customers", "customer", one =>
            !one.IsDeleted && created.Fits(one.Created)
            && (call.Form.Filled("email") is not { } email || one.Email == email));
    }

    private static JsonObject Delete(StripeCall call)
    {
        var customer = call.Find<Customer>("customer");
        if (!customer.IsDeleted)
        {
            var cards = call.Change.NewestFirst<PaymentMethod>().Where(one => one.Customer == customer.Id).ToList();
            foreach (var method in cards)
            {
                PaymentMethods.Detach(call, method);
            }

            customer = call.Change.Put(call.Change.Find<Customer>(customer.Id)! with { IsDeleted = true });
            call.Emit("customer.deleted", customer);
        }

        return View(customer);
    }

    private static JsonObject View(Customer customer) => customer.IsDeleted
        ? new JsonObject { ["id"] = customer.Id, ["object"] = "customer", ["deleted"] = true }
        : StripeView.Of(customer);

    private static string? Changed(Form form, string name, string? before) =>
        form.Text(name) is { } text ? (text.Length == 0 ? null : text) : before;

    private static StripeError NotAttached() => StripeError.Invalid(
        "The customer does not have a payment method with that ID. Attach it to the customer before making it the "
        + "default.",
        "invoice_settings[default_payment_method]", "resource_missing");
}
